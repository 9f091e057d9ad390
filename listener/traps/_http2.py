"""HTTP/2 on a connection of the HTTP trap: each stream is a request of its own, recorded and then answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from listener.http.http2 import Http2Request, Http2Session
from listener.http.wire import ReadLimits
from listener.net.connection import Connection, ExpiredError

Fields = list[tuple[str, str]]
Answering = Callable[[Http2Request], Awaitable[tuple[int, Fields, bytes]]]
"""Records a request; gives status, header fields and body of its answer."""


async def speak(
    connection: Connection,
    data: bytes,
    limits: ReadLimits,
    seconds: tuple[float, float],
    answering: Answering,
) -> bool:
    """Serve a connection whose first bytes, ``data``, begin with the preface (RFC 9113, section 3.4); without any, it
    was agreed on before (ALPN), and the server speaks first, as nginx does. Whether anything was recorded.

    ``seconds``: that it may say nothing between requests, and within one.
    """
    session, error = Http2Session(limits), "the request was cut off"
    recorded = False
    while True:
        for request in session.feed(data) if data else ():
            recorded = True
            status, fields, body = await answering(request)
            if not request.message.error:
                session.answer(request.stream, status, fields, body)
        connection.write(session.outgoing())
        if session.ended:
            break
        connection.deadline = connection.now() + seconds[session.begun]
        try:
            data = await connection.read()
        except ExpiredError:
            data, error = b"", "the request did not end in time"
        if not data:
            break
    for request in session.end(error):
        recorded = True
        await answering(request)
    session.close()
    connection.write(session.outgoing())
    return recorded
