"""When a request can be answered, without a socket: before its body, behind it, or where the time is up."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from listener.http.response import CONTINUE
from listener.http.wire import MessageReader, RawMessage, ReadLimits
from listener.net.connection import ExpiredError
from listener.traps import _http_bodies as bodies
from listener.traps._http_settings import HttpSettings

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"
ASKING = HEAD.replace(b"Host", b"Expect: 100-Continue\r\nHost")


class Said:
    """Stands for a connection on which these pieces come; an exception is what reading them raises."""

    def __init__(self, *pieces: bytes | Exception) -> None:
        self.pieces, self.written, self.deadline, self.arrived = list(pieces), b"", 0.0, 7
        self.deadlines: list[float] = []

    def now(self) -> float:
        return 50.0

    def write(self, data: bytes) -> None:
        self.written += data

    async def read(self) -> bytes:
        self.deadlines.append(self.deadline - 50.0)
        piece = self.pieces.pop(0) if self.pieces else b""
        if isinstance(piece, Exception):
            raise piece
        return piece


def next_of(connection: Said, *, passes_on: bool, **settings: int) -> tuple[RawMessage | None, MessageReader]:
    reader = MessageReader(ReadLimits())
    wanted = bodies.next_message(
        cast(Any, connection), reader, HttpSettings(**cast(Any, settings)), lambda _: passes_on, CONTINUE
    )
    return asyncio.run(wanted)[0], reader


@pytest.mark.parametrize("head", [HEAD, ASKING])
def test_a_page_of_the_host_itself_waits_for_no_body(head: bytes) -> None:
    connection = Said(head + b"a", TimeoutError())
    message, reader = next_of(connection, passes_on=False)
    assert message is not None
    assert (message.raw, message.body, message.error) == (head + b"a", b"a", "")
    assert (connection.written, reader.pending is not None) == (b"", True)
    more = asyncio.run(bodies.rest(cast(Any, Said(b"bc")), reader, message))
    assert (more[0] and more[0].raw, more[1]) == (head + b"abc", True)


@pytest.mark.parametrize(("ending", "error"), [(b"", "cut off"), (ExpiredError(), "in time")])
def test_what_does_not_come_behind_the_answer_is_no_record(ending: bytes | Exception, error: str) -> None:
    message, reader = next_of(Said(HEAD, TimeoutError()), passes_on=False)
    assert message is not None
    assert asyncio.run(bodies.rest(cast(Any, Said(ending)), reader, message)) == (None, False)
    message, reader = next_of(Said(HEAD, TimeoutError()), passes_on=False)
    assert message is not None
    late, whole = asyncio.run(bodies.rest(cast(Any, Said(b"a", ending)), reader, message))
    assert late is not None
    assert (late.raw, whole) == (HEAD + b"a", False)
    assert error in late.error


def test_what_is_passed_on_is_waited_for_and_leave_is_given_once() -> None:
    connection = Said(ASKING, b"a", b"bc")
    message, reader = next_of(connection, passes_on=True)
    assert message is not None
    assert (message.body, connection.written, reader.pending) == (b"abc", CONTINUE, None)
    assert not bodies.asks_leave(message)
    settings = HttpSettings()
    assert connection.deadlines == [settings.idle_seconds, settings.body_seconds, settings.body_seconds]


def test_no_pause_is_longer_than_what_is_left_of_the_whole() -> None:
    connection = Said(HEAD, b"a", ExpiredError())
    message, _ = next_of(connection, passes_on=True, request_seconds=9)
    assert connection.deadlines[1:] == [9.0, 9.0]
    assert message is not None
    assert (message.raw, message.error) == (HEAD + b"a", "the request did not end in time")


def test_what_is_too_long_to_be_passed_on_is_refused_with_what_has_come() -> None:
    connection = Said(ASKING)
    message, reader = next_of(connection, passes_on=True, body_bytes=2)
    assert message is not None
    assert (message.status, message.raw, message.keep_alive) == (413, ASKING, False)
    assert (connection.written, reader.pending is not None) == (b"", True)


@pytest.mark.parametrize(
    ("field", "version", "asks"),
    [
        (b"Expect: 100-CONTINUE", b"1.1", True),
        (b"Expect: 100-continue", b"1.0", False),
        (b"Expect: 100-continue, x", b"1.1", False),
        (b"X: y", b"1.1", False),
    ],
)
def test_who_asks_for_leave(field: bytes, version: bytes, asks: bool) -> None:
    reader = MessageReader(ReadLimits())
    reader.feed(b"GET / HTTP/%b\r\nHost: x\r\n%b\r\n\r\n" % (version, field))
    message = reader.next()
    assert message is not None
    assert bodies.asks_leave(message) is asks
