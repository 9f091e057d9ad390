"""How an answer of the HTTP trap gets out: taken by the client, or the last one, with what comes behind it."""

from __future__ import annotations

from listener.http.wire import MessageReader, RawMessage
from listener.net.connection import Connection, ExpiredError

_REMEMBERED = 4096
"""Bytes."""


async def drained(connection: Connection, seconds: float) -> None:
    """Wait until the client has taken what was written. Raises ConnectionResetError where it does not."""
    connection.deadline = connection.now() + seconds
    try:
        await connection.drain()
    except ExpiredError as problem:
        connection.abort()
        raise ConnectionResetError("the client does not take its answer") from problem


async def behind(
    connection: Connection, reader: MessageReader, message: RawMessage, seconds: float, kept: int
) -> RawMessage | None:
    """What comes behind the last answer, that to ``message``: nobody answers it, and yet it may be bait. It may go on
    with what is on record."""
    noted = message.raw[-_REMEMBERED:] if message.error else b""
    begun = reader.rest()
    patient = bool(message.error) or connection.info.tls is None
    late, size = await connection.linger(seconds, kept, patient=patient)
    if not begun and not late:
        return None
    raw = (noted + begun + late)[:kept]
    return RawMessage(headers=[], raw=raw, size=len(noted + begun) + size)
