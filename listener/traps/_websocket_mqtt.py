"""MQTT over WebSocket, which the HTTP trap grants: the broker's conversation within frames."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterable

from listener.http.websocket import FrameError, FrameStream, framed
from listener.net.connection import Connection, ExpiredError
from listener.protocol.conversation import Close, Conversation, Record, Send, Step, weight

_IDLE, _LONGEST = 120.0, 3600.0
"""Seconds: twice the keep-alive that most clients ask for, and all of it."""
_MOST_NOTES, _MOST_BYTES = 1000, 16_777_216
_KEPT = 262_144
"""Raw bytes kept of each note; the rest is counted."""

Noting = Callable[[Record, bytes, int], Awaitable[None]]
"""Put a note on disk, with the bytes that it is of, as far as they are kept, and how many they were."""


async def talk(connection: Connection, begun: bytes, conversation: Conversation, note: Noting) -> None:
    """Hold the conversation to its end. ``begun``: what has come already. What comes and what is noted of it is bounded
    together."""
    frames, ends, notes, size = FrameStream(), connection.now() + _LONGEST, 0, 0
    raw, came = bytearray(), 0

    async def noted(found: Record) -> None:
        nonlocal came
        taken, count = bytes(raw), came
        raw.clear()
        came = 0
        await note(found, taken, count)

    async def carry_out(steps: Iterable[Step]) -> bool:
        nonlocal notes, size
        for step in steps:
            match step:
                case Send(data):
                    connection.write(framed(data) if data else b"")
                case Record():
                    await noted(step)
                    notes += 1
                    size += weight(step.shown)
                case Close():
                    return False
        return notes < _MOST_NOTES

    goes_on = True
    with contextlib.suppress(ExpiredError):
        while goes_on and size <= _MOST_BYTES:
            data = begun or await _more(connection, ends)
            begun = b""
            if not data:
                break
            raw += data[: _KEPT - len(raw)]
            came += len(data)
            size += len(data)
            try:
                said, answer = frames.feed(data)
                goes_on = await carry_out(conversation.feed(said) if said else ())
            except (
                ValueError,
                ArithmeticError,
                LookupError,
            ) as problem:  # hostile bytes end it, and are on record
                reason = "frame" if isinstance(problem, FrameError) else type(problem).__name__
                await noted(Record("unreadable", {"error": reason}))
                break
            connection.write(answer)
            with contextlib.suppress(ConnectionError):
                await connection.drain()  # who takes no answers is asked no more
            goes_on = goes_on and not frames.closed
    if came:
        await noted(Record("unfinished"))


async def _more(connection: Connection, ends: float) -> bytes:
    connection.deadline = min(ends, connection.now() + _IDLE)
    return await connection.read()
