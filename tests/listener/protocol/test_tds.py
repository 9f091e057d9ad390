"""Messages of SQL Server's protocol."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytds.tds_base import tds7_crypt_pass

from listener.protocol import tds
from listener.protocol.tds import (
    clear,
    done,
    environment,
    login7,
    prelogin,
    readable,
    short,
    utf16,
    without_headers,
)


@given(password=st.text(st.characters(codec="utf-8"), max_size=40))
def test_the_obfuscation_is_undone(password: str) -> None:
    assert utf16(clear(tds7_crypt_pass(password))) == password


@pytest.mark.parametrize("parse", [prelogin, login7, readable, without_headers, utf16, clear])
@given(data=st.binary(max_size=300))
def test_rubbish_is_read_or_a_value_error(parse: object, data: bytes) -> None:
    assert callable(parse)
    with contextlib.suppress(ValueError):
        parse(data)


def test_a_field_that_points_nowhere_costs_that_field_only() -> None:
    names = {1: "app", 2: "\0", 8: "crm"}
    head, texts, at = b"", b"", 94
    for index in range(9):
        text = names.get(index, "").encode("utf-16-le")
        head += (at if index != 2 else 60_000).to_bytes(2, "little") + (len(text) // 2).to_bytes(2, "little")
        texts += text
        at += len(text)
    fixed = (94).to_bytes(4, "little") + bytes(32)
    shown, _, integrated = login7((fixed + head + bytes(22)).ljust(94, b"\0") + texts)
    assert (shown["user"], shown["database"], integrated) == ("app", "crm", False)
    assert "password" not in shown


def test_texts_of_a_call_are_found_at_even_and_odd_offsets() -> None:
    call = b"\x00" + "sp_executesql".encode("utf-16-le") + b"\x07" + "select @p".encode("utf-16-le")
    assert {"sp_executesql", "select @p"} <= set(readable(call))


def test_headers_are_left_out_where_there_are_some() -> None:
    statement = "select 1".encode("utf-16-le")
    assert without_headers((22).to_bytes(4, "little") + bytes(18) + statement) == statement
    assert without_headers(statement) == statement


def test_tokens_have_their_lengths() -> None:
    assert environment(1, short("ab")) == b"\xe3\x06\x00\x01\x02a\0b\0"
    assert len(done()) == 13
    assert short("x" * 300)[0] == 255


def _packets(kind: int, *pieces: bytes) -> bytes:
    last = len(pieces) - 1
    heads = [
        bytes((kind, at == last)) + (len(piece) + 8).to_bytes(2, "big") + bytes(4)
        for at, piece in enumerate(pieces)
    ]
    return b"".join(head + piece for head, piece in zip(heads, pieces, strict=True))


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=2, max_size=5))
def test_a_message_in_packets_is_put_together(pieces: list[bytes]) -> None:
    assert tds.bodies(_packets(3, *pieces) + _packets(3, b"another")) == [b"".join(pieces)]


def test_of_a_query_in_packets_its_text_is_given() -> None:
    text = "SELECT 'somebody'".encode("utf-16-le")
    assert tds.bodies(_packets(1, b"\x04\0\0\0" + text[:9], text[9:])) == [b"SELECT 'somebody'"]


@given(st.binary(max_size=300))
def test_no_bytes_raise_in_putting_packets_together(data: bytes) -> None:
    tds.bodies(data)
