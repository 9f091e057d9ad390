"""A conversation is a function from bytes to steps."""

from __future__ import annotations

from collections.abc import Iterable

from listener.protocol.conversation import Conversation, Record, Send, Step, weight
from listener.protocol.identity import Identity


class Echo(Conversation):
    """Records what it is fed, then returns it."""

    def feed(self, data: bytes) -> Iterable[Step]:
        yield Record("word", {"said": data.decode()})
        yield Send(data)


def test_a_server_that_waits_says_nothing_first() -> None:
    assert list(Echo(Identity(b"k" * 32), 1).greet()) == []


def test_recorded_before_answered_is_the_order_of_steps() -> None:
    steps = list(Echo(Identity(b"k" * 32), 1).feed(b"hello"))
    assert steps == [Record("word", {"said": "hello"}), Send(b"hello")]


def test_steps_are_values() -> None:
    assert Record("login", {"user": "ann"}) == Record("login", {"user": "ann"})
    assert Record("login").shown == {}


def test_a_note_weighs_what_it_shows() -> None:
    assert weight({"user": "x" * 1000, "list": ["y" * 500, {"z": 1}]}) in range(1500, 1600)
    assert weight(None) == weight(7) == 8
