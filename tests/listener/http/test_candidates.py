"""Words are cut in every way a token can stand in text."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.http.candidates import LIMIT, LONGEST, Candidates


def words(data: bytes) -> list[bytes]:
    found = Candidates()
    found.words(data)
    return found.all()


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("key=AB/CD+EFGHIJKL==&x", "AB/CD+EFGHIJKL=="),
        ("key=ABCD-EFGH_IJKL", "ABCD-EFGH_IJKL"),
        ("SG.abcdefgh.ijklmnop:", "SG.abcdefgh.ijklmnop"),
        ("https://h/abcdefghijkl/x", "abcdefghijkl"),
        ("<Ann.K7@Mail.example.NET>", "ann.k7@mail.example.net"),
        ("host is Lab7.Example.Net.", "lab7.example.net"),
        ("%41%42CDEFGHIJKL%2FMN", "ABCDEFGHIJKL/MN"),
        ("next=https%3A%2F%2Fx%2F%3Fm%3Dann%2540k7.example.net", "ann@k7.example.net"),
        ('{"k":"AB\\/CDEFGHIJKLMN"}', "AB/CDEFGHIJKLMN"),
        ("x" * 5000 + ".abcdefghijkl9", "abcdefghijkl9"),
    ],
)
def test_cuts(text: str, token: str) -> None:
    assert token.encode() in words(text.encode())


def test_parents_of_a_host_but_no_bare_top_level() -> None:
    found = Candidates()
    found.host("a.b.label7.example.net")
    assert found.all() == [
        b"a.b.label7.example.net",
        b"b.label7.example.net",
        b"label7.example.net",
        b"example.net",
    ]
    found = Candidates()
    found.host(".".join(["x"] * 500 + ["label7", "example", "net"]))
    assert b"label7.example.net" in found.all()


def test_bounds() -> None:
    found = Candidates()
    found.add("short")
    found.add("x" * (LONGEST + 1))
    assert found.all() == []
    found.words(b" ".join(b"%012d" % number for number in range(LIMIT + 5)))
    assert (len(found.all()), found.overflown) == (LIMIT, True)


@given(
    st.binary(max_size=30),
    st.sampled_from([base64.b64encode, base64.urlsafe_b64encode]),
)
def test_printable_text_in_base64_is_found(noise: bytes, encode) -> None:  # type: ignore[no-untyped-def]
    coded = encode(b"user:Zk39aXQ7vT2mLw8RtYb4")
    for padded in (coded, coded.rstrip(b"=")):
        found = words(noise + b"\n" + padded + b"\n" + noise)
        assert b"Zk39aXQ7vT2mLw8RtYb4" in found
        assert b"user:Zk39aXQ7vT2mLw8RtYb4" in found


@given(st.binary(max_size=400))
def test_no_bytes_raise(data: bytes) -> None:
    assert all(0 < len(word) <= LONGEST for word in words(data))


@given(st.lists(st.text(alphabet="aZ09 =%_-./\\\r\n:;?&", max_size=80), max_size=60))
def test_a_request_line_by_line_hides_no_word(lines: list[str]) -> None:
    raw = "\n".join(lines).encode()
    whole, by_line = Candidates(), Candidates()
    whole.words(raw)
    by_line.request(raw)
    assert set(by_line.all()) >= set(whole.all())


def test_lines_that_are_too_many_or_too_long_are_looked_at_all_the_same() -> None:
    found = Candidates()
    found.request(
        b"GET / HTTP/1.1\r\n"
        + b"A: b\r\n" * 300
        + b"X-Key: k3v9q7x2m4n8p1\r\n"
        + b"Y: "
        + b"z " * 900
        + b"w5s8d2f6g9h1j4"
    )
    assert {b"k3v9q7x2m4n8p1", b"w5s8d2f6g9h1j4"} <= set(found.all())


@pytest.mark.parametrize("colon", [b":", b"%3A"])
def test_the_token_of_a_bot_stands_behind_a_word_in_the_path(colon: bytes) -> None:
    found = Candidates()
    found.request(
        b"POST /bot7165237978" + colon + b"AAoaeo0tLWAeKqEBWWqqMoYehunlv1kMTPp/getMe HTTP/1.1\r\n\r\n"
    )
    assert b"7165237978:AAoaeo0tLWAeKqEBWWqqMoYehunlv1kMTPp" in found.all()
