"""How an answer of the HTTP trap gets out: taken by the client, or the last one, with what comes behind it."""

from __future__ import annotations

from listener.http import websocket
from listener.http.wire import MessageReader, RawMessage
from listener.net.connection import Connection, ExpiredError
from listener.personas import Answer

ENDING = frozenset(f"error {status}" for status in (400, 405, 414, 431, 501, 505)) | {
    "page dull 400",
    "page dull 413",
}
"""What the host itself says before it ends the connection (ngx_http_special_response.c)."""
_REMEMBERED = 4096
"""Bytes."""


def switches(message: RawMessage, answer: Answer) -> list[tuple[str, str]] | None:
    """The fields of another protocol that is granted; None where none is."""
    if answer.status >= 500 or message.error or b"upgrade" not in (message.fields or ()):
        return None
    return websocket.accepted(message.method, message.target, message.fields)


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
    unframed = bool(message.error) or message.version == "0.9"  # everything that had come is the message's
    noted = message.raw[-_REMEMBERED:] if unframed else b""
    begun = reader.rest()
    patient = unframed or connection.info.tls is None
    late, size = await connection.linger(seconds, kept, patient=patient)
    if not begun and not late:
        return None
    raw = (noted + begun + late)[:kept]
    return RawMessage(headers=[], raw=raw, size=len(noted + begun) + size)
