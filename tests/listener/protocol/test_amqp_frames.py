"""Frames of AMQP as bytes."""

from __future__ import annotations

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
