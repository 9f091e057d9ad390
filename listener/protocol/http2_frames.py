"""Frames of HTTP/2 (RFC 9113, section 4) out of bytes, with the errors that nginx 1.18 finds in their heads.

Frames that may be long come in pieces, as they arrive: nothing waits for megabytes that a head has announced.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
HTTP2_HEAD = PREFACE[:18]
"""What of it a reader of HTTP/1 takes for a head, and refuses, with all that came as its raw bytes (section 3.4)."""
DATA, HEADERS, PRIORITY, RESET, SETTINGS, PROMISE, PING, GOAWAY, WINDOW, CONTINUATION = range(10)
OTHER = 10
"""And above: kinds that nginx does not know, and skips."""
END_STREAM, ACK, END_BLOCK, PADDED, WEIGHED = 1, 1, 4, 8, 32
NONE, PROTOCOL, FLOW, CLOSED, SIZE, REFUSED, COMPRESSION, CALM = 0, 1, 3, 5, 6, 7, 9, 11
"""Error codes (section 7)."""
HEAD = 9
"""Bytes."""
_FIRST_LINE = 16
"""Bytes of the preface that nginx compares first."""
_SIZES = {PRIORITY: 5, RESET: 4, PING: 8, WINDOW: 4}
_PAIR, _LAST_WORDS = 6, 8
"""Bytes of a setting, and of a GOAWAY before what else it says."""
_IN_PIECES = frozenset({DATA, SETTINGS, GOAWAY})
_BLOCK_TAKEN = 65_536
"""Bytes of a frame of header fields that are taken, four times what nginx takes of the fields in it."""


class Http2Error(Exception):
    """The connection is over. ``code``: what the other side is told."""

    def __init__(self, code: int) -> None:
        super().__init__(f"error {code}")
        self.code = code


@dataclass(slots=True)
class FramePiece:
    """A frame, or the next piece of one."""

    kind: int
    flags: int
    stream: int
    size: int
    """Of the whole frame's payload, bytes; 0 in the pieces behind the first."""
    data: bytes
    """Without its padding."""
    whole: bool
    """Whether the frame ends with it."""


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """One frame."""
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


class FrameReader:
    """Of one connection, from the preface on."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._greeted = 0
        """Bytes of the preface that have come and are right."""
        self._frame: FramePiece | None = None
        self._left = self._padding = 0
        """Of the current frame, bytes still to come: content, and padding behind it."""
        self._block: int | None = None
        """The stream of the header block that is not whole."""

    @property
    def incomplete(self) -> bool:
        """Whether part of a frame has come."""
        return bool(self._buffer) or self._frame is not None or self._block is not None

    def feed(self, data: bytes) -> Iterator[FramePiece]:
        """What has come. Raises Http2Error."""
        self._buffer += data
        if self._greeted < len(PREFACE) and not self._preface():
            return
        while self._frame is not None or len(self._buffer) >= HEAD:
            if self._frame is None and not self._head():
                return
            piece = self._piece()
            if piece is None:
                return
            yield piece

    def _preface(self) -> bool:
        for end in (_FIRST_LINE, len(PREFACE)):
            if self._greeted < end:
                part = PREFACE[self._greeted : end]
                if len(self._buffer) < len(part):
                    return False
                if not self._buffer.startswith(part):
                    raise Http2Error(PROTOCOL)
                del self._buffer[: len(part)]
                self._greeted = end
        return True

    def _head(self) -> bool:
        """Begin a frame; whether all that its law speaks of is there."""
        head = self._buffer[:HEAD]
        length, kind, flags = int.from_bytes(head[:3], "big"), head[3], head[4]
        stream = int.from_bytes(head[5:], "big") & 0x7FFFFFFF
        if self._block is not None and (kind, stream) != (CONTINUATION, self._block):
            raise Http2Error(PROTOCOL)
        _check(kind, flags, length, expected=self._block is not None)
        padded = bool(flags & PADDED) and kind in (DATA, HEADERS)
        before = HEAD + padded + (5 if kind == HEADERS and flags & WEIGHED else 0)
        if len(self._buffer) < before:
            return False
        self._padding = self._buffer[HEAD] if padded else 0
        if padded and self._padding > length - (before - HEAD):
            raise Http2Error(PROTOCOL)
        self._left = length - padded - self._padding
        del self._buffer[: HEAD + padded]
        self._frame = FramePiece(kind, flags, stream, length, b"", whole=False)
        if kind in (HEADERS, CONTINUATION):
            self._block = None if flags & END_BLOCK else stream
        return True

    def _piece(self) -> FramePiece | None:
        began = self._frame
        if began is None:
            raise RuntimeError("no frame has begun")
        take = min(self._left, len(self._buffer))
        if began.kind == SETTINGS:
            take -= take % _PAIR
        elif began.kind not in _IN_PIECES and began.kind < OTHER and take < min(self._left, _BLOCK_TAKEN):
            return None
        if self._left and not take:
            return None
        data = bytes(self._buffer[:take])
        del self._buffer[:take]
        self._left -= take
        whole = not self._left
        piece = FramePiece(began.kind, began.flags, began.stream, began.size, data, whole)
        began.size = 0
        if whole:
            self._frame = None
            self._skip()
        return piece

    def _skip(self) -> None:
        """What is behind the frame's content: its padding is given as a frame of no kind."""
        if self._padding:
            self._frame = FramePiece(OTHER, 0, 0, 0, b"", whole=False)
            self._left, self._padding = self._padding, 0


def _check(kind: int, flags: int, length: int, *, expected: bool) -> None:
    """What nginx refuses by a frame's head. ``expected``: a continuation is."""
    if kind == PROMISE or (kind == CONTINUATION and not expected):
        raise Http2Error(PROTOCOL)
    least = 0
    if kind == HEADERS:
        least = 1 + bool(flags & PADDED) + (5 if flags & WEIGHED else 0)
    elif kind == DATA:
        least = int(bool(flags & PADDED))
    elif kind == GOAWAY:
        least = _LAST_WORDS
    wrong = length < least or length != _SIZES.get(kind, length)
    if kind == SETTINGS:
        wrong = bool(length) if flags == ACK else length % _PAIR != 0
    if wrong:
        raise Http2Error(SIZE)
