"""Every string a trap noted, and whatever the raw bytes hold or wrap, may be a token."""

from __future__ import annotations

import base64
import datetime
import gzip

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from listener.evidence.sighting import Sighting
from listener.protocol.candidates import Candidates, NoCandidates, path_segments, sighting_candidates


def sighting(raw: bytes = b"", **notes: object) -> Sighting:
    return Sighting(
        id="0" * 32, trap="redis", observed_at=0, peer=("127.0.0.1", 1), local=("127.0.0.1", 2), transport="tcp",
        raw=raw, size=len(raw), front="f", number=1, connection=1, clock={}, notes=notes,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("seen", "token"),
    [
        (sighting(password="s3cret-Pa55!word"), b"s3cret-Pa55!word"),
        (sighting(nested={"a": [{"b": "deep-token-1"}]}), b"deep-token-1"),
        (sighting(mail="To: <Phony.Person@Traps.example>"), b"phony.person@traps.example"),
        (sighting(host="bucket.abc123label.traps.example"), b"abc123label.traps.example"),
        (sighting(raw=b"\x00\x07AKIAABCDEFGHIJKLMNOP\x00"), b"AKIAABCDEFGHIJKLMNOP"),
        (sighting(raw=b"AUTH PLAIN " + base64.b64encode(b"\0user\0a-long-password")), b"a-long-password"),
    ],
)
def test_a_token_is_found_wherever_it_stands(seen: Sighting, token: bytes) -> None:
    assert token in sighting_candidates(seen).all()


@given(raw=st.binary(max_size=2000), text=st.text(max_size=200))
def test_any_bytes_give_bounded_strings(raw: bytes, text: str) -> None:
    found = sighting_candidates(sighting(raw, said=text)).all()
    assert all(0 < len(one) <= 2050 for one in found)


def of_request(raw: bytes) -> Candidates:
    found = Candidates(len(raw))
    found.request(raw)
    return found


def test_parents_of_a_host_but_no_bare_top_level() -> None:
    found = Candidates(0)
    found.host("a.b.label7.example.net")
    assert found.all() == {
        b"a.b.label7.example.net",
        b"b.label7.example.net",
        b"label7.example.net",
        b"example.net",
    }
    found = Candidates(0)
    found.host(".".join(["x"] * 500 + ["label7", "example", "net"]))
    assert b"label7.example.net" in found.all()


@given(st.lists(st.text(alphabet="aZ09 =%_-./\\\r:;?&", max_size=80), max_size=60))
def test_a_request_line_by_line_hides_no_word(lines: list[str]) -> None:
    raw = "\n".join(lines).encode()
    whole = Candidates(len(raw))
    for line in raw.split(b"\n"):
        whole.look(line.rstrip(b"\r"))
    assert of_request(raw).all() >= {one for one in whole.all() if len(one) >= 12 and one.isalnum()}


def test_lines_that_are_too_many_or_too_long_are_looked_at_all_the_same() -> None:
    raw = (
        b"GET / HTTP/1.1\r\n"
        + b"A: b\r\n" * 300
        + b"X-Key: k3v9q7x2m4n8p1\r\n"
        + b"Y: "
        + b"z " * 900
        + b"w5s8d2f6g9h1j4"
    )
    assert {b"k3v9q7x2m4n8p1", b"w5s8d2f6g9h1j4"} <= of_request(raw).all()


def test_the_last_word_of_a_large_body_is_looked_at_and_no_bound_is_reached() -> None:
    body = b"".join(b"%d,user%d@example.com,some text\n" % (number, number) for number in range(20_000))
    found = of_request(b"POST / HTTP/1.1\r\n\r\n" + body + b"Zk39aXQ7vT2mLw8RtYb4")
    assert b"Zk39aXQ7vT2mLw8RtYb4" in found.all()
    assert found.bounds == ()


def test_a_bound_that_is_reached_is_told() -> None:
    raw = b"POST / HTTP/1.1\r\n\r\n" + gzip.compress(bytes(50_000_000))
    assert of_request(raw).bounds[:1] == ("bytes",)


def test_where_none_is_asked_for_none_is_collected() -> None:
    none = NoCandidates()
    none.add("a-long-enough-token")
    none.host("a.label.example.net")
    none.look(b"a-long-enough-token")
    assert none.all() == set()


def test_the_parts_of_a_path_that_are_long_enough() -> None:
    assert path_segments(b"/api/short/k62fb6e2c7d1f6/" + b"x" * 3000) == [b"k62fb6e2c7d1f6"]


def _noted(notes: dict[str, object], raw: bytes = b"", **more: object) -> set[bytes]:
    found = Sighting(
        id="0" * 32, trap="x", observed_at=0, peer=("a", 1), local=("b", 2), transport="tcp", raw=raw, size=len(raw),
        front="f", number=1, connection=1, clock={}, notes=notes, **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return sighting_candidates(found).all()


def test_names_that_a_client_gives_are_looked_at_as_values_are() -> None:
    coded = base64.b64encode(b"glpat-GrFrWu7XcRt9faBWz97X").decode()
    assert b"glpat-GrFrWu7XcRt9faBWz97X" in _noted({"properties": {coded: True}})


def test_bytes_that_were_noted_as_text_are_looked_at_as_bytes() -> None:
    packed = gzip.compress(b"a\\x41 \\n glpat-GrFrWu7XcRt9faBWz97X " + bytes(range(256)))
    assert b"glpat-GrFrWu7XcRt9faBWz97X" in _noted({"password": packed.decode("utf-8", "backslashreplace")})


def test_a_handshake_is_looked_at_beyond_its_server_name() -> None:
    hello = bytes(60) + b"\x00\x10\x00\x1d\x00\x1b\x1aglpat-GrFrWu7XcRt9faBWz97X"
    assert b"glpat-GrFrWu7XcRt9faBWz97X" in _noted({}, tls={"sni": "", "hello": hello})


def test_what_is_no_request_is_not_cut_into_lines() -> None:
    found = Candidates(100)
    found.request(gzip.compress(b"line\n" * 50 + b"glpat-GrFrWu7XcRt9faBWz97X", 0))
    assert b"glpat-GrFrWu7XcRt9faBWz97X" in found.all()


def test_every_field_of_a_clients_certificate_is_looked_at() -> None:
    key, day = ec.generate_private_key(ec.SECP256R1()), datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    name, token = (
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")]),
        "glpat-GrFrWu7XcRt9faBWz97X" + "x" * 75,
    )
    also = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(token)])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, day, day).add_extension(
        also, critical=False
    )
    der = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
    assert token.encode() in _noted({}, tls={"sni": "", "client_cert": der}), (
        "101 bytes: their length is a letter"
    )
