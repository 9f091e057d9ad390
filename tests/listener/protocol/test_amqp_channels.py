"""Channels of a broker: what is refused ends the channel, what breaks the protocol ends the connection.

`tests/beside` holds every answer beside RabbitMQ's.
"""

from __future__ import annotations

import struct

import pytest

from listener.protocol.amqp_channels import BrokerRefusalError, Channels
from listener.protocol.amqp_frames import short
from listener.protocol.conversation import Record, Send
from listener.protocol.octets import Octets

DECLARE = (50, 10)


def channels(*, named: bool = False) -> Channels:
    made = Channels({"user": "ann"}, "/", names_permission=named, queue=lambda: "amq.gen-x")
    assert list(made.method(1, (20, 10), Octets(b"\0", "big")))
    return made


def body(name: str, flags: int = 0) -> Octets:
    return Octets(b"\0\0" + short(name) + bytes([flags]) + bytes(4), "big")


@pytest.mark.parametrize(("named", "words"), [(True, b"configure access to"), (False, b"- access to")])
def test_a_release_says_which_permission_is_missing_or_does_not(named: bool, words: bytes) -> None:
    note, said = channels(named=named).method(1, DECLARE, body("q"))
    assert isinstance(note, Record)
    assert isinstance(said, Send)
    assert words in said.data


def test_a_queue_without_a_name_is_given_one() -> None:
    _, said = channels().method(1, DECLARE, body(""))
    assert isinstance(said, Send)
    assert b"queue 'amq.gen-x'" in said.data


def test_a_message_that_nobody_announced_ends_the_connection() -> None:
    with pytest.raises(BrokerRefusalError) as ended:
        list(channels().content(2, 1, struct.pack(">HHQ", 60, 0, 1)))
    assert b"UNEXPECTED_FRAME" in ended.value.said
    with pytest.raises(BrokerRefusalError):
        list(channels().method(2, DECLARE, body("q")))


def test_what_is_no_method_is_refused() -> None:
    with pytest.raises(ValueError, match="no method"):
        list(channels().method(1, (99, 99), Octets(b"", "big")))
