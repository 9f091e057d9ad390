"""HTTP/2 (RFC 9113) without a socket: bytes in, whole requests out, answers in; framing and HPACK are h2's.

A request is written down as HTTP/1 writes it, pseudo-header fields first as request line and ``Host``, because the
fields of a stream are readable only with all that the connection said before. The frames themselves, as they came since
the request before, are kept beside it. Bounded: streams at a time and altogether, bytes kept of each and of the frames.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings

from listener.http.wire import RawMessage, ReadLimits

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_FIRST_TYPE_AT, _OPENING = len(PREFACE) + 3, len(PREFACE) + 9
"""Where the first frame's type stands, and where its header ends (RFC 9113, section 4.1)."""
_SETTINGS = 4
_STREAMS_AT_A_TIME, _STREAMS = 128, 1000
_STREAM_WINDOW, _WINDOW_MORE, _FRAME_SAID = 65_536, 0x7FFF0000, (1 << 24) - 1
_GREETING = (
    bytes.fromhex("000012 04 00 00000000 0003")
    + _STREAMS_AT_A_TIME.to_bytes(4, "big")
    + b"\0\4"
    + _STREAM_WINDOW.to_bytes(4, "big")
    + b"\0\5"
    + _FRAME_SAID.to_bytes(4, "big")
    + bytes.fromhex("000004 08 00 00000000")
    + _WINDOW_MORE.to_bytes(4, "big")
)
"""What nginx says first (ngx_http_v2_send_settings and ngx_http_v2_send_window_update): streams at a time, a stream's
window, the largest frame, and the whole connection's window."""
_FRAME_TAKEN = 1 << 20
"""Bytes of the largest frame that is taken: a client sends a few KB at a time whatever it was told, Go's at most half
of this."""
_FRAMES_KEPT = 16_384
_HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "upgrade"})
"""RFC 9113, section 8.2.2: fields that no HTTP/2 message holds."""


@dataclass(slots=True)
class _Stream:
    """One request while it comes."""

    headers: list[tuple[bytes, bytes]]
    body: bytearray = field(default_factory=bytearray)
    size: int = 0


@dataclass(frozen=True, slots=True)
class Http2Request:
    """One request, or what there was of it when the connection ended."""

    stream: int
    message: RawMessage
    frames: bytes
    """What came over the connection since the request before, at most 16 KB."""


class Http2Session:
    """One connection. `feed` it, answer each request, send `outgoing`."""

    def __init__(self, limits: ReadLimits) -> None:
        self._limits = limits
        config = h2.config.H2Configuration(
            client_side=False, header_encoding=None, validate_inbound_headers=False
        )
        self._h2 = h2.connection.H2Connection(config)
        self._h2.decoder.max_header_list_size = limits.head
        codes = h2.settings.SettingCodes
        self._h2.local_settings = h2.settings.Settings(
            client=False,
            initial_values={
                codes.MAX_CONCURRENT_STREAMS: _STREAMS_AT_A_TIME,
                codes.INITIAL_WINDOW_SIZE: _STREAM_WINDOW,
                codes.MAX_FRAME_SIZE: _FRAME_TAKEN,
                codes.MAX_HEADER_LIST_SIZE: limits.head,
            },
        )
        self._h2.max_inbound_frame_size = _FRAME_TAKEN
        self._h2.initiate_connection()
        self._h2.increment_flow_control_window(_WINDOW_MORE)
        self._h2.data_to_send()  # a list of values that tells the library
        self._opened = False
        self._streams: dict[int, _Stream] = {}
        self._waiting: dict[int, bytes] = {}
        self._frames = bytearray()
        self._asides = bytearray()
        self._opening = bytearray()
        self._seen = 0
        self._broken = False
        self.ended = False
        """Whether the connection is over: the client said so, or broke the protocol, or had its streams."""

    @property
    def begun(self) -> bool:
        """Whether part of a request has come."""
        return bool(self._streams)

    def feed(self, data: bytes) -> Iterator[Http2Request]:
        """Bytes that came; the requests that are whole with them. Never raises."""
        self._frames += data[: _FRAMES_KEPT - len(self._frames)]
        self._opening += data[: _OPENING - len(self._opening)]
        if len(self._opening) == _OPENING and self._opening[_FIRST_TYPE_AT] != _SETTINGS:
            self.ended = self._broken = True
            yield from self.end("HTTP/2: the first frame is no SETTINGS frame")  # section 3.4
            return
        try:
            events = self._h2.receive_data(data)
        except h2.exceptions.ProtocolError as problem:
            self.ended = self._broken = True
            yield from self.end(f"HTTP/2: {type(problem).__name__}")
            return
        for event in events:
            yield from self._take(event)

    def end(self, error: str) -> Iterator[Http2Request]:
        """Whatever has come of requests that are not whole, or of none, with ``error``."""
        if asides := bytes(self._asides):
            self._asides.clear()
            yield Http2Request(
                0, _message(_Stream([]), error, asides, self._limits.kept), bytes(self._frames)
            )
        streams = self._streams or {0: _Stream([])}
        rest = bool(self._frames) and (
            self._broken or not self._seen
        )  # else acknowledgements behind a request
        if not self._streams and not rest:
            return
        for number, stream in list(streams.items()):
            yield self._request(number, stream, error)
        self._streams.clear()

    def answer(self, stream: int, status: int, headers: Sequence[tuple[str, str]], body: bytes) -> None:
        """Answer the request of ``stream``; a stream that the client has reset takes none."""
        fields = [(name.lower(), value) for name, value in headers if name.lower() not in _HOP_BY_HOP]
        try:
            self._h2.send_headers(stream, [(":status", str(status)), *fields], end_stream=not body)
        except h2.exceptions.ProtocolError:
            return
        if body:
            self._waiting[stream] = body
            self._flow()

    def outgoing(self) -> bytes:
        """What is to be sent."""
        greeting = b"" if self._opened else _GREETING
        self._opened = True
        return greeting + bytes(self._h2.data_to_send())

    def close(self) -> None:
        """Say that no more is taken (GOAWAY, section 6.8), unless an error has been told or nothing more is said."""
        if self._broken:
            return
        try:
            self._h2.close_connection()
        except h2.exceptions.ProtocolError:
            return

    def _take(self, event: h2.events.Event) -> Iterator[Http2Request]:
        if isinstance(event, h2.events.RequestReceived):
            self._seen += 1
            self._streams[event.stream_id or 0] = _Stream(list(event.headers or ()))
        elif isinstance(event, h2.events.DataReceived):
            self._data(event)
        elif isinstance(event, h2.events.TrailersReceived):
            if stream := self._streams.get(event.stream_id or 0):
                stream.headers += event.headers or ()
        elif isinstance(event, h2.events.StreamEnded):
            if stream := self._streams.pop(event.stream_id or 0, None):
                yield self._request(event.stream_id or 0, stream, "")
        elif isinstance(event, h2.events.StreamReset):
            self._waiting.pop(event.stream_id or 0, None)
            if stream := self._streams.pop(event.stream_id or 0, None):
                yield self._request(event.stream_id or 0, stream, "the stream was reset")
        elif isinstance(event, h2.events.WindowUpdated | h2.events.RemoteSettingsChanged):
            self._flow()
        elif isinstance(event, h2.events.ConnectionTerminated):
            self._aside(event.additional_data)
            self.ended = True
        elif isinstance(event, h2.events.UnknownFrameReceived):
            self._aside(getattr(event.frame, "body", b""))
        if self._seen >= _STREAMS:
            self.ended = True

    def _aside(self, said: bytes | None) -> None:
        """What a client says outside of any request."""
        self._asides += (said or b"")[: _FRAMES_KEPT - len(self._asides)]

    def _data(self, event: h2.events.DataReceived) -> None:
        data = event.data or b""
        stream = self._streams.get(event.stream_id or 0)
        if stream is not None:
            stream.size += len(data)
            stream.body += data[: max(0, self._limits.kept - len(stream.body))]
            if stream.size > self._limits.body:
                self.ended = True
        if event.flow_controlled_length and not self.ended:
            self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id or 0)

    def _flow(self) -> None:
        """Send as much of the answers as the client has room for (section 5.2)."""
        for stream in list(self._waiting):
            body = self._waiting.pop(stream)
            try:
                while body and (room := self._room(stream)):
                    part, body = body[:room], body[room:]
                    self._h2.send_data(stream, part, end_stream=not body)
            except h2.exceptions.ProtocolError:
                continue
            if body:
                self._waiting[stream] = body

    def _room(self, stream: int) -> int:
        return max(0, min(self._h2.local_flow_control_window(stream), self._h2.max_outbound_frame_size))

    def _request(self, number: int, stream: _Stream, error: str) -> Http2Request:
        frames = bytes(self._frames)
        self._frames.clear()
        return Http2Request(number, _message(stream, error, frames, self._limits.kept), frames)


def _message(stream: _Stream, error: str, frames: bytes, kept: int) -> RawMessage:
    pseudo = {name: value for name, value in stream.headers if name.startswith(b":")}
    fields = [(name, value) for name, value in stream.headers if not name.startswith(b":")]
    if b":authority" in pseudo:
        fields.insert(0, (b"host", pseudo[b":authority"]))
    method = pseudo.get(b":method", b"").decode("latin-1")
    target = pseudo.get(b":path") or pseudo.get(b":authority", b"")
    body = bytes(stream.body)
    if stream.headers:
        lines = [b"%s %s HTTP/2" % (method.encode("latin-1"), target), *(b"%s: %s" % one for one in fields)]
        raw = b"\r\n".join(lines) + b"\r\n\r\n" + body
    else:
        raw = frames
    size = len(raw) + stream.size - len(body)
    named = {name.lower(): value for name, value in fields}
    status = 400 if error else 0
    return RawMessage(
        method, target, "2", fields, body, raw[:kept], size, status=status, error=error, fields=named
    )
