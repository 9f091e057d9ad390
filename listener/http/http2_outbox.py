"""The sending half of a connection of HTTP/2: frames as nginx 1.18 writes them, within the windows of the client."""

from __future__ import annotations

from collections.abc import Sequence

from listener.http.http2_streams import STREAM_WINDOW, Http2Stream
from listener.protocol import http2_frames as law
from listener.protocol.http2_fields import written
from listener.protocol.http2_frames import FramePiece, Http2Error, frame

STREAMS_AT_A_TIME = 128
LARGEST_WINDOW = (1 << 31) - 1
_FIRST_WINDOW = 65_535
_CHUNK, _LEAST_FRAME, _LARGEST_FRAME = 8192, 16_384, (1 << 24) - 1
"""Bytes of a body that a frame carries (``http2_chunk_size``), and what a frame may be told to hold at most."""
_TABLE, _PUSH, _WINDOW, _FRAME = 1, 2, 4, 5
"""Settings that nginx looks at (RFC 9113, section 6.5.2)."""
_HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "upgrade"})
"""Section 8.2.2: fields that no HTTP/2 message holds."""
_GREETING = frame(
    law.SETTINGS,
    0,
    0,
    b"\0\3"
    + STREAMS_AT_A_TIME.to_bytes(4, "big")
    + b"\0\4"
    + STREAM_WINDOW.to_bytes(4, "big")
    + b"\0\5"
    + _LARGEST_FRAME.to_bytes(4, "big"),
) + frame(law.WINDOW, 0, 0, (LARGEST_WINDOW - _FIRST_WINDOW).to_bytes(4, "big"))
"""What nginx says first (ngx_http_v2_send_settings and ngx_http_v2_send_window_update): streams at a time, a stream's
window, the largest frame, and the whole connection's window."""


class Http2Outbox:
    """What goes out, and the streams that are open."""

    def __init__(self) -> None:
        self.streams: dict[int, Http2Stream] = {}
        """By their numbers; those that are answered are not among them."""
        self.last = 0
        """The number of the last request."""
        self.going = False
        """Whether GOAWAY was said."""
        self.sent = 0
        """Bytes of bodies."""
        self._out = bytearray(_GREETING)
        self._room = self._first_room = _FIRST_WINDOW
        self._told_room = _FIRST_WINDOW
        """The first window of a stream in the settings that are being read."""
        self._frame_room = _LEAST_FRAME
        self._resized = False

    def open(self, number: int, *, ended: bool) -> Http2Stream:
        """A request begins, the last one; it is not among `streams` yet."""
        self.last = number
        return Http2Stream(number, ended, self._first_room)

    def taken(self) -> bytes:
        """What is to be sent, once."""
        said = bytes(self._out)
        self._out.clear()
        return said

    def say(self, kind: int, flags: int, stream: int, payload: bytes) -> None:
        self._out += frame(kind, flags, stream, payload)

    def go(self, code: int) -> None:
        """GOAWAY, if it was not said."""
        if not self.going:
            self.going = True
            self.say(law.GOAWAY, 0, 0, self.last.to_bytes(4, "big") + code.to_bytes(4, "big"))

    def reset(self, number: int, code: int) -> None:
        """The stream is over, whether it is open or not."""
        self.say(law.RESET, 0, number, code.to_bytes(4, "big"))
        self.streams.pop(number, None)

    def more(self, number: int, size: int) -> None:
        """The client may send more of a body, or altogether (0)."""
        self.say(law.WINDOW, 0, number, size.to_bytes(4, "big"))

    def answer(
        self, stream: Http2Stream, status: int, headers: Sequence[tuple[str, str]], body: bytes
    ) -> None:
        fields = [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP]
        block = written(status, fields, resized=self._resized)
        self._resized = False
        kind, flags = law.HEADERS, 0 if body else law.END_STREAM
        while True:
            part, block = block[: self._frame_room], block[self._frame_room :]
            self.say(kind, flags | (0 if block else law.END_BLOCK), stream.number, part)
            if not block:
                break
            kind, flags = law.CONTINUATION, 0
        stream.unsent = body
        if body:
            self.flow()
        else:
            self._answered(stream)

    def flow(self) -> None:
        """Send as much of the answers as the client has room for (section 5.2)."""
        for stream in [stream for stream in self.streams.values() if stream.unsent]:
            while stream.unsent and (size := min(self._room, stream.room, _CHUNK, self._frame_room)) > 0:
                part, stream.unsent = stream.unsent[:size], stream.unsent[size:]
                self._room, stream.room = self._room - len(part), stream.room - len(part)
                self.sent += len(part)
                self.say(law.DATA, 0 if stream.unsent else law.END_STREAM, stream.number, part)
            if not stream.unsent:
                self._answered(stream)

    def _answered(self, stream: Http2Stream) -> None:
        del self.streams[stream.number]
        if stream.early or not stream.ended:
            self.reset(stream.number, law.NONE)

    def settings(self, piece: FramePiece) -> None:
        """What the client sets. Raises Http2Error."""
        if piece.flags == law.ACK:
            return
        for at in range(0, len(piece.data), 6):
            name = int.from_bytes(piece.data[at : at + 2], "big")
            value = int.from_bytes(piece.data[at + 2 : at + 6], "big")
            if name == _WINDOW and value > LARGEST_WINDOW:
                raise Http2Error(law.FLOW)
            if (name == _PUSH and value > 1) or (
                name == _FRAME and not _LEAST_FRAME <= value <= _LARGEST_FRAME
            ):
                raise Http2Error(law.PROTOCOL)
            if name == _FRAME:
                self._frame_room = value
            elif name == _TABLE:
                self._resized = True
            elif name == _WINDOW:
                self._told_room = value
        if piece.whole:
            self.say(law.SETTINGS, law.ACK, 0, b"")
            self._resize(self._told_room - self._first_room)

    def _resize(self, more: int) -> None:
        self._first_room += more
        for stream in list(self.streams.values()):
            if more > 0 and stream.room > LARGEST_WINDOW - more:
                self.reset(stream.number, law.FLOW)
            stream.room += more

    def window(self, piece: FramePiece) -> None:
        """The client has room for more. Raises Http2Error."""
        more = int.from_bytes(piece.data, "big") & LARGEST_WINDOW
        if not more:
            raise Http2Error(law.PROTOCOL)
        stream = self.streams.get(piece.stream)
        if not piece.stream:
            if more > LARGEST_WINDOW - self._room:
                raise Http2Error(law.FLOW)
            self._room += more
        elif stream is not None and more > LARGEST_WINDOW - stream.room:
            self.reset(piece.stream, law.FLOW)
        elif stream is not None:
            stream.room += more
