"""HTTP/2 (RFC 9113) without a socket: bytes in, whole requests out, answers in, as nginx 1.18 has it to the frame.

A request is written down as HTTP/1 writes it, pseudo-header fields first as request line and ``Host``, because the
fields of a stream are readable only with all that the connection said before. The frames themselves, as they came since
the request before, are kept beside it. What nginx refuses, skips or resets is given as well, with what was wrong.
Bounded: streams at a time and altogether, bytes kept of each and of the frames.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from listener.http.http2_outbox import LARGEST_WINDOW, STREAMS_AT_A_TIME, Http2Outbox
from listener.http.http2_streams import STREAM_WINDOW, Http2Request, Http2Stream
from listener.http.wire import RawMessage, ReadLimits
from listener.protocol import http2_frames as law
from listener.protocol.http2_fields import FieldReader
from listener.protocol.http2_frames import FramePiece, FrameReader, Http2Error

_FRAMES_KEPT = 16_384
_REPEATED, _MOST_REPEATED = 4096, 16
"""Bytes of a body that was answered before it had come, and of how many: they stand before what follows of it."""
_MOST_REQUESTS = 1000
"""``http2_max_requests``."""
_PRIORITIES = 128
"""PRIORITY frames that are taken, and as many more with each request."""
_BODIES = 4
"""Times what is kept of one body is kept of all that have come in part."""
_OVERHEAD = 1_048_576
"""Bytes that are no content, an eighth of them, before a connection is ended."""


def _nobody(_: RawMessage) -> bool:
    return False


class Http2Session:
    """One connection. `feed` it, answer each request, send `outgoing`."""

    def __init__(self, limits: ReadLimits, buffers: Callable[[RawMessage], bool] = _nobody) -> None:
        """``buffers``: whether the body of a request is read before whoever answers it sees anything of it."""
        self._limits, self._buffers = limits, buffers
        self._reader, self._fields, self._box = FrameReader(), FieldReader(), Http2Outbox()
        self._current: Http2Stream | None = None
        """Whose header block comes; None where nobody answers it."""
        self._requests, self._priorities = 0, _PRIORITIES
        self._takes = LARGEST_WINDOW
        self._came = self._content = 0
        self._frames, self._asides = bytearray(), bytearray()
        self._begun: dict[int, bytes] = {}
        """By their streams, bodies that were answered before they had come: what was recorded of them."""
        self._broken = False
        self.ended = False
        """Whether the connection is over: the client broke the protocol, or had its requests."""

    @property
    def begun(self) -> bool:
        """Whether part of a request has come."""
        return self._reader.incomplete or any(not one.recorded for one in self._box.streams.values())

    def feed(self, data: bytes) -> Iterator[Http2Request]:
        """Bytes that came; the requests that are whole with them. Never raises."""
        self._frames += data[: _FRAMES_KEPT - len(self._frames)]
        self._came += len(data)
        try:
            for piece in self._reader.feed(data):
                yield from self._take(piece)
                self._box.flow()
                if self._fields.error:
                    raise Http2Error(self._fields.error)  # noqa: TRY301  told below, as all of them
            if self._came // 8 > self._content + self._box.sent + _OVERHEAD:
                raise Http2Error(law.NONE)  # noqa: TRY301
        except Http2Error as problem:
            self._broken = self.ended = True
            yield from self.overdue()
            self._box.go(problem.code)
            yield from self.end(f"HTTP/2: error {problem.code}")
        self.ended = self.ended or (self._box.going and not self._box.streams)

    @property
    def holds(self) -> bool:
        """Whether there is a request that nginx would have answered before its body came."""
        return any(stream.early and not stream.recorded for stream in self._box.streams.values())

    def overdue(self) -> Iterator[Http2Request]:
        """The requests whose bodies are waited for although nginx reads none of them: they are to be answered now."""
        for stream in list(self._box.streams.values()):
            if stream.early and not stream.recorded:
                self._begun[stream.number] = bytes(stream.body[-_REPEATED:])
                if len(self._begun) > _MOST_REPEATED:
                    del self._begun[next(iter(self._begun))]
                yield self._request(stream, "")

    def end(self, error: str) -> Iterator[Http2Request]:
        """Whatever has come of requests that are not whole, or of none, with ``error``."""
        asides, self._asides = bytes(self._asides), bytearray()
        frames = bytes(self._frames)
        unheard = [stream for stream in self._box.streams.values() if not stream.recorded]
        if not asides and not unheard and (self._broken or not self._requests):
            asides = frames  # else acknowledgements behind a request
        if asides:
            self._frames.clear()
            message = Http2Stream(0, ended=True).message(error, asides, self._limits.kept)
            yield Http2Request(0, message, frames)
        for stream in unheard:
            yield self._request(stream, stream.wrong or error)
        self._box.streams.clear()

    def answer(self, number: int, status: int, headers: Sequence[tuple[str, str]], body: bytes) -> None:
        """Answer the request of stream ``number``; one that the client has reset takes no answer."""
        if (stream := self._box.streams.get(number)) is not None:
            self._box.answer(stream, status, headers, body)

    def outgoing(self) -> bytes:
        """What is to be sent."""
        return self._box.taken()

    def close(self) -> None:
        """The client has taken too long: say that no more is taken (section 6.8)."""
        if self._box.going:
            return
        for number in list(self._box.streams):
            self._box.reset(number, law.PROTOCOL)
        self._box.go(law.PROTOCOL if self._reader.incomplete else law.NONE)

    def _take(self, piece: FramePiece) -> Iterator[Http2Request]:
        match piece.kind:
            case law.HEADERS | law.CONTINUATION:
                yield from self._block(piece)
            case law.DATA:
                yield from self._data(piece)
            case law.RESET:
                yield from self._cancelled(piece)
            case law.SETTINGS:
                self._box.settings(piece)
            case law.WINDOW:
                self._box.window(piece)
            case law.PRIORITY:
                self._priority(piece)
            case law.PING if not piece.flags & law.ACK:
                yield from self.overdue()
                self._box.say(law.PING, law.ACK, 0, piece.data)
            case law.GOAWAY:
                self._aside(piece.data[8:] if piece.size else piece.data)
            case kind if kind >= law.OTHER:
                self._aside(piece.data.strip(b"\0"))

    def _aside(self, said: bytes) -> None:
        """What a client says outside of any request."""
        self._asides += said[: _FRAMES_KEPT - len(self._asides)]

    def _request(self, stream: Http2Stream, error: str) -> Http2Request:
        frames, self._frames = bytes(self._frames), bytearray()
        return stream.request(error, frames, self._limits.kept)

    def _block(self, piece: FramePiece) -> Iterator[Http2Request]:
        data = piece.data
        if piece.kind == law.HEADERS:
            if len(self._box.streams) >= STREAMS_AT_A_TIME:
                yield from self.overdue()
            data = self._begin(piece)
        stream, last = self._current, piece.whole and bool(piece.flags & law.END_BLOCK)
        for name, value in self._fields.read(data, last=last):
            if stream is None:
                self._aside(b"%s: %s\r\n" % (name, value))
                continue
            known = stream.reset
            stream.take(name, value)
            if stream.reset != known:
                self._box.reset(stream.number, stream.reset)
        self._content += len(data)
        if not piece.whole:
            raise Http2Error(law.CALM)
        if last and stream is not None and not self._fields.error:
            yield from self._asked(stream)
        elif stream is not None and self._fields.error and stream.number not in self._box.streams:
            yield self._request(stream, stream.wrong)

    def _begin(self, piece: FramePiece) -> bytes:
        """A header block begins: for whom it is, and what of the frame belongs to it."""
        number, data, depends = piece.stream, piece.data, -1
        if piece.flags & law.WEIGHED:
            depends, data = int.from_bytes(data[:4], "big") & LARGEST_WINDOW, data[5:]
        self._fields.begin()
        self._current = None
        if self._box.going:
            return data
        if number % 2 == 0 or number <= self._box.last or depends == number:
            known = self._box.streams.get(number)
            for name, value in self._fields.read(data, last=True):  # trailers, say
                if known is not None and not known.recorded:
                    known.fields.append((name, value))
                else:
                    self._aside(b"%s: %s\r\n" % (name, value))
            raise Http2Error(law.PROTOCOL)
        stream = self._current = self._box.open(number, ended=bool(piece.flags & law.END_STREAM))
        if len(self._box.streams) >= STREAMS_AT_A_TIME:
            stream.wrong, stream.reset = "HTTP/2: too many streams at a time", law.REFUSED
            self._box.reset(number, law.REFUSED)
            return data
        if not data and piece.flags & law.END_BLOCK:
            raise Http2Error(law.SIZE)
        self._box.streams[number] = stream
        self._requests += 1
        self._priorities += _PRIORITIES
        if self._requests >= _MOST_REQUESTS:
            self._box.go(law.NONE)
        return data

    def _asked(self, stream: Http2Stream) -> Iterator[Http2Request]:
        """All fields of a request have come."""
        self._current = None
        stream.finish()
        if stream.wrong or stream.ended:
            yield self._request(stream, stream.wrong)
            return
        stream.buffered = self._buffers(stream.message("", b"", self._limits.kept))
        stream.early = not stream.buffered
        if stream.buffered:
            self._box.more(stream.number, LARGEST_WINDOW - stream.takes)
            stream.takes = LARGEST_WINDOW

    def _data(self, piece: FramePiece) -> Iterator[Http2Request]:
        if piece.size > self._takes:
            raise Http2Error(law.FLOW)
        self._takes -= piece.size
        if self._takes < LARGEST_WINDOW // 4:
            self._box.more(0, LARGEST_WINDOW - self._takes)
            self._takes = LARGEST_WINDOW
        stream, ends = self._box.streams.get(piece.stream), piece.whole and bool(piece.flags & law.END_STREAM)
        if stream is None or (stream.recorded and not stream.ended):
            self._aside(self._begun.pop(piece.stream, b"") + piece.data)
            return
        if piece.size > stream.takes or stream.ended:
            self._aside(piece.data)
            self._box.reset(stream.number, law.CLOSED if stream.ended else law.FLOW)
            if not stream.recorded:
                yield self._request(stream, "HTTP/2: more of the body than was asked for")
            return
        self._content += len(piece.data)
        others = sum(len(one.body) for one in self._box.streams.values()) - len(stream.body)
        room = min(self._limits.kept, max(0, _BODIES * self._limits.kept - others))
        stream.add(piece.data, piece.size, room, ends=ends)
        window = LARGEST_WINDOW if stream.buffered else STREAM_WINDOW
        if stream.takes < window // 4 and not ends:  # bodies that nginx does not read are to be on record
            self._box.more(stream.number, window - stream.takes)
            stream.takes = window
        if stream.size > self._limits.body:
            self.ended = True
        if ends or stream.wrong:
            yield self._request(stream, stream.wrong)

    def _cancelled(self, piece: FramePiece) -> Iterator[Http2Request]:
        if piece.stream == 0:
            raise Http2Error(law.PROTOCOL)
        stream = self._box.streams.pop(piece.stream, None)
        if stream is not None and not stream.recorded:
            yield self._request(stream, "the stream was reset")

    def _priority(self, piece: FramePiece) -> None:
        self._priorities -= 1
        if self._priorities == 0:
            raise Http2Error(law.CALM)
        if piece.stream in (0, int.from_bytes(piece.data[:4], "big") & LARGEST_WINDOW):
            raise Http2Error(law.PROTOCOL)
