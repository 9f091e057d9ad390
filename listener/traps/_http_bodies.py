"""When the HTTP trap answers a request: as nginx does, before the body or behind it.

    a page or a refusal of the host itself    once the head is there; the body is read and dropped behind the answer
    whatever a server behind it would answer  once the body is there; a client that asks for leave gets 100 first

What has come is on record before the answer, and what comes of a body behind it is on record before the next one: all
of the request once more, because a body says little without its head.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from listener.http.wire import MessageReader, RawMessage
from listener.net.connection import Connection, ExpiredError
from listener.traps._http_settings import HttpSettings

_QUIET, _ALTOGETHER = 5.0, 30.0
"""Seconds for a body behind its answer (``lingering_timeout`` and ``lingering_time``)."""
_LATE, _CUT = "the request did not end in time", "the request was cut off"


def asks_leave(message: RawMessage) -> bool:
    """Whether the client waits for leave to send the body, and was not told (RFC 9110, section 10.1.1)."""
    fields = message.fields
    return (
        fields is not None
        and b"expect" in fields
        and fields[b"expect"].lower() == b"100-continue"
        and message.version == "1.1"
        and not message.continued
    )


async def next_message(
    connection: Connection,
    reader: MessageReader,
    settings: HttpSettings,
    passes_on: Callable[[RawMessage], bool],
    leave: bytes,
) -> tuple[RawMessage | None, int]:
    """The next message that can be answered and when it began to arrive; None at the end of the connection. Where it is
    still `MessageReader.pending`, its body follows behind the answer.

    ``passes_on``: whether the body is read before the answer; ``leave``: what tells the client to send it.
    """
    began = connection.now()
    connection.deadline = began + (settings.head_seconds if reader.begun else settings.idle_seconds)
    arrived, patience, judged, passed = connection.arrived, None, False, False
    while True:
        message = reader.next()
        if message is not None:
            return message, arrived
        if reader.pending is not None:
            if not judged:
                judged, passed = True, passes_on(reader.pending)
                patience = None if passed else settings.body_wait_seconds
            if passed and reader.announced > settings.body_bytes:
                message = reader.so_far()
                message.status, message.error, message.keep_alive = 413, "the body is too long", False
                return message, arrived
            if passed and asks_leave(reader.pending):
                # Interim: acknowledges nothing, and a request that stops here is recorded all the same.
                reader.pending.continued = True
                connection.write(leave)
            now = connection.now()
            connection.deadline = min(began + settings.request_seconds, now + settings.body_seconds)
        try:
            if patience is None:
                data = await connection.read()
            else:
                async with asyncio.timeout(patience):
                    data = await connection.read()
        except TimeoutError:
            return reader.so_far(), arrived
        except ExpiredError:
            return reader.end(_LATE), arrived
        if not data:
            return reader.end(_CUT), arrived
        if not reader.begun:
            began, arrived = connection.now(), connection.arrived
            connection.deadline = began + settings.head_seconds
        reader.feed(data)


async def rest(
    connection: Connection, reader: MessageReader, answered: RawMessage
) -> tuple[RawMessage | None, bool]:
    """The request whose body was not whole when it was ``answered``, if more of it has come; whether all of it has."""
    ends = connection.now() + _ALTOGETHER
    while (message := reader.next()) is None:
        connection.deadline = min(ends, connection.now() + _QUIET)
        try:
            data = await connection.read()
        except ExpiredError:
            message = reader.end(_LATE)
            break
        if not data:
            message = reader.end(_CUT)
            break
        reader.feed(data)
    if message is None:
        return None, False
    return message if message.size > answered.size else None, not message.error
