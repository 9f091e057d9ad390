"""HTTP/2 on a connection of the HTTP trap: each stream is a request of its own, recorded and then answered."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable

from listener.http.http2 import Http2Session
from listener.http.http2_streams import Http2Request
from listener.http.wire import RawMessage, ReadLimits
from listener.net.connection import Connection, ExpiredError

Fields = list[tuple[str, str]]
Answering = Callable[[Http2Request], Awaitable[tuple[int, Fields, bytes]]]
"""Records a request; gives status, header fields and body of its answer."""


async def speak(
    connection: Connection,
    data: bytes,
    limits: ReadLimits,
    seconds: tuple[float, float, float],
    answering: Answering,
    buffers: Callable[[RawMessage], bool],
) -> bool:
    """Serve a connection whose first bytes, ``data``, begin with the preface (RFC 9113, section 3.4); without any, it
    was agreed on before (ALPN), and the server speaks first, as nginx does. Whether anything was recorded.

    ``seconds``: that it may say nothing between requests, and within one, and that are waited for a body that nginx
    would not read; it answers at once. ``buffers``: as of `Http2Session`. A client that goes is told nothing, as by
    nginx; one that takes too long is.
    """
    session, error = Http2Session(limits, buffers), "the request was cut off"
    recorded = expired = False
    come: Iterable[Http2Request] = session.feed(data) if data else ()
    while True:
        for request in come:
            recorded = True
            status, fields, body = await answering(request)
            if request.message.status or not request.message.error:
                session.answer(request.stream, status, fields, body)
        connection.write(session.outgoing())
        if session.ended:
            break
        connection.deadline = connection.now() + seconds[session.begun]
        try:
            with contextlib.suppress(ConnectionError):
                await connection.drain()  # who takes no answers is asked no more
            async with asyncio.timeout(seconds[2] if session.holds else None):
                data = await connection.read()
        except TimeoutError:
            come = session.overdue()
            continue
        except ExpiredError:
            data, error, expired = b"", "the request did not end in time", True
        if not data:
            break
        come = session.feed(data)
    if expired:
        session.close()
    for request in session.end(error):
        recorded = True
        await answering(request)
    connection.write(session.outgoing())
    return recorded
