"""HTTP/2 on a connection: what is recorded, and when it ends. A whole front serves it in `test_http`."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from listener.http.http2_streams import Http2Request
from listener.http.wire import ReadLimits
from listener.net.connection import ExpiredError
from listener.protocol.http2_frames import PREFACE, frame
from listener.traps._http2 import Fields, speak


class Said:
    """Stands for a connection on which these pieces come; an exception is what reading them raises."""

    def __init__(self, *pieces: bytes | Exception) -> None:
        self.pieces, self.written, self.deadline = list(pieces), b"", 0.0

    def now(self) -> float:
        return 50.0

    async def drain(self) -> None:
        """It takes whatever is written."""

    def write(self, data: bytes) -> None:
        self.written += data

    async def read(self) -> bytes:
        piece = self.pieces.pop(0) if self.pieces else b""
        if isinstance(piece, Exception):
            raise piece
        return piece


@pytest.mark.parametrize(
    ("pieces", "error"),
    [
        ((b"\0\0\0\4\0\0\0\0\0", ExpiredError()), "the request did not end in time"),
        ((b"\0\0\0\4\0\0\0\0\0",), "the request was cut off"),
        ((bytes(3) + b"\x06" + bytes(5),), "HTTP/2: "),
    ],
)
def test_whatever_came_is_recorded_with_its_error(pieces: tuple[bytes | Exception, ...], error: str) -> None:
    connection, seen = Said(*pieces), list[Http2Request]()

    async def answering(request: Http2Request) -> tuple[int, Fields, bytes]:
        seen.append(request)
        return 400, [], b""

    spoken = speak(
        cast(Any, connection), PREFACE, ReadLimits(), (60.0, 120.0, 1.0), answering, lambda _: False
    )
    asyncio.run(spoken)
    (only,) = seen
    assert only.message.error.startswith(error)
    assert only.message.raw.startswith(PREFACE)
    assert connection.written


def test_a_body_that_does_not_come_is_not_waited_for_longer_than_told() -> None:
    posted = frame(4, 0, 0) + frame(1, 4, 1, b"\x83\x86\x84\x41\x01x")
    connection, seen = Said(posted, TimeoutError()), list[Http2Request]()

    async def answering(request: Http2Request) -> tuple[int, Fields, bytes]:
        seen.append(request)
        return 404, [], b"no"

    assert asyncio.run(
        speak(cast(Any, connection), PREFACE, ReadLimits(), (60.0, 120.0, 1.0), answering, lambda _: False)
    )
    assert [(one.stream, one.message.error) for one in seen] == [(1, "")]
    assert connection.written.endswith(frame(0, 1, 1, b"no") + frame(3, 0, 1, bytes(4)))
