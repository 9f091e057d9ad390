"""Refusals, byte for byte as a server of release 15.20 sends them (recorded: tests/beside)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import postgres_messages
from tests.beside import transcript

RECORDED = transcript("postgres").answers


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("no user", postgres_messages.NO_USER),
        ("an empty password", postgres_messages.NO_PASSWORD),
        ("protocol 2", postgres_messages.unsupported(2, 0)),
        ("protocol 4", postgres_messages.unsupported(4, 0)),
        ("a query for a password", postgres_messages.not_a_password(b"Q")),
        ("a wrong password", postgres_messages.wrong_password("ann")),
    ],
)
def test_a_refusal_is_the_real_servers(case: str, said: bytes) -> None:
    assert RECORDED[case][-1] == said.decode("latin-1") + "<closed>"


def test_no_text_ends_early() -> None:
    assert postgres_messages.texts("a\0b", "") == b"ab\0\0"
    assert b"permission denied for table x\0Faclchk.c\0" in postgres_messages.denied("table x")


def _said(kind: bytes, body: bytes) -> bytes:
    return kind + (len(body) + 4).to_bytes(4, "big") + body


@given(st.lists(st.binary(max_size=40), min_size=2, max_size=5))
def test_rows_in_several_messages_are_put_together(pieces: list[bytes]) -> None:
    said = _said(b"S", b"") + b"".join(_said(b"d", piece) for piece in pieces) + _said(b"c", b"")
    assert postgres_messages.apart(said) == [b"".join(pieces)]
    assert postgres_messages.apart(_said(b"d", pieces[0])) == [pieces[0]]
    assert postgres_messages.apart(_said(b"Q", pieces[0]) + _said(b"p", pieces[1])) == [], "they are noted"


def test_a_name_is_given_without_the_letter_before_it() -> None:
    assert postgres_messages.apart(_said(b"D", b"Pportal\0") + _said(b"C", b"Sname\0")) == [
        b"portal\0",
        b"name\0",
    ]


def test_a_text_is_given_without_the_length_before_it() -> None:
    """105 bytes: the last byte of the length is a letter."""
    assert postgres_messages.apart(_said(b"f", b"x" * 100 + b"\0")) == [b"x" * 100 + b"\0"]
    call = b"\0\0\6\x3e\0\1\0\1\0\2\0\0\0\x61" + b"y" * 97 + b"\0\0\0\x62" + b"z" * 98 + b"\0\1"
    assert postgres_messages.apart(_said(b"F", call)) == [b"y" * 97, b"z" * 98]


@given(st.binary(max_size=300))
def test_no_bytes_raise_in_looking_for_rows(data: bytes) -> None:
    postgres_messages.apart(data)
    postgres_messages.apart(_said(b"F", data))
