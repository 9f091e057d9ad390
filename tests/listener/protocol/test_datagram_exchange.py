"""What a datagram leads to: a record, and an answer that is never longer than allowed."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.conversation import Record, Send
from listener.protocol.datagram_exchange import DatagramExchange, exchange_datagram
from listener.protocol.identity import Identity


class Doubling(DatagramExchange):
    """Answers ``L...`` with twice as much, raises on ``X...``, returns the rest as it came."""

    def respond(self, data: bytes) -> Iterable[Record | Send]:
        if data.startswith(b"X"):
            raise ValueError("bytes")
        yield Record("echo", {"said": data.decode("latin-1")})
        yield Send(data * 2 if data.startswith(b"L") else data)


DOUBLING = Doubling(Identity(b"k" * 32), SimpleNamespace())


def test_an_answer_longer_than_allowed_is_not_given() -> None:
    assert exchange_datagram(DOUBLING, b"hello")[1] == b"hello"
    assert exchange_datagram(DOUBLING, b"L")[1] == b""
    assert exchange_datagram(DOUBLING, b"X") == (Record("unreadable", {"error": "ValueError"}), b"")


@given(st.binary(min_size=1, max_size=2000))
def test_whatever_comes_is_recorded_and_answered_with_no_more_than_came(data: bytes) -> None:
    record, answer = exchange_datagram(DOUBLING, data)
    assert record.what in ("echo", "unreadable")
    assert len(answer) <= len(data)
