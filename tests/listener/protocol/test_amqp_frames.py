"""Frames of AMQP as bytes."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import amqp_frames


def test_a_method_and_a_refusal() -> None:
    assert amqp_frames.method(1, (20, 11), b"x") == b"\1\0\1\0\0\0\5\0\x14\0\x0bx\xce"
    said = amqp_frames.refusal(0, 504, "second", (20, 10))
    assert said == b"\1\0\0\0\0\0\x21\0\x0a\0\x32\1\xf8\x16CHANNEL_ERROR - second\0\x14\0\x0a\xce"
    assert amqp_frames.refusal(3, 403, "no")[1:3] == b"\0\3"


def test_strings_are_cut_and_bytes_written_as_erlang_does() -> None:
    assert amqp_frames.short("x" * 300) == b"\xff" + b"x" * 255
    assert amqp_frames.text_field("a", "b") == b"\1aS\0\0\0\1b"
    assert amqp_frames.octets(b"\0\x14") == "<<0,20>>"
    assert amqp_frames.octets(bytes(40)).endswith(",0,...>>")


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=2, max_size=5))
def test_a_message_in_several_frames_is_put_together(pieces: list[bytes]) -> None:
    said = b"AMQP\0\0\x09\x01" + b"".join(amqp_frames.frame(3, 1, piece) for piece in pieces)
    assert amqp_frames.apart(said) == [b"".join(pieces)]
    assert amqp_frames.apart(amqp_frames.frame(3, 1, pieces[0])) == [pieces[0]], (
        "without the length before it"
    )


@given(st.binary(min_size=8, max_size=300).filter(lambda value: b"S" not in value and b"x" not in value))
def test_the_strings_of_tables_are_given_whatever_they_stand_in(value: bytes) -> None:
    table = amqp_frames.long(amqp_frames.field("note", b"S" + amqp_frames.long(value)))
    deep = amqp_frames.long(amqp_frames.field("k", b"F" + table))
    assert amqp_frames.apart(amqp_frames.method(1, (50, 10), deep)) == [value]


@given(st.binary(max_size=400))
def test_no_bytes_raise(data: bytes) -> None:
    amqp_frames.apart(data)
    amqp_frames.apart(struct.pack(">BHI", 1, 1, len(data)) + data + b"\xce")
