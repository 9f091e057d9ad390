"""HTTP/1 framing (RFC 9112) without a socket: bytes in, whole messages out, each with the exact bytes it came as.

The end of the head is found here, and httptools (llhttp) is given exactly the head; the body is then measured by
Content-Length or chunk by chunk. What llhttp refuses is read as nginx reads it (`nginx_head`). So a message's bytes are
known to the byte, one request is handed out at a time however many are pipelined, and what neither reads is still a
message: with ``error``, to be recorded and answered.

    raw(1) + raw(2) + ... = everything that came, as long as nothing was longer than is kept
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import httptools

from listener.http.framing import Chunked, Sized
from listener.protocol import nginx_head
from listener.protocol.http2_frames import HTTP2_HEAD
from listener.protocol.nginx_begun import BegunHead, is_connect

_HEAD_END = re.compile(rb"\n\r?\n")
_BARE_LF = re.compile(rb"(?<!\r)\n")
_EMPTY_LINES = re.compile(rb"[\r\n]*")
"""Skipped before a request (section 2.2 asks for at least one line)."""
_OPENING = re.compile(rb"[A-Z_-]+(?: |\Z)")
"""A method as nginx takes it and its space, or what may become one: anything else can be refused at once."""
_OPENING_BYTES = 64
_LINE_ENDS = (bytearray(b"\r"), bytearray(b"\n"))
_VERSIONS = ("1.0", "1.1")
_ROOMY = 8192
"""Bytes of a head that fits whatever its lines are."""


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How much of a message is read, and how much of it is kept. Bytes."""

    head: int = 65_536
    """Request line and headers; longer is refused with 431."""
    kept: int = 1_048_576
    """Of head and body together; the rest is counted, not kept."""
    body: int = 67_108_864
    """Of content; what says that it is longer is not read to its end: 413."""


@dataclass(slots=True)
class RawMessage:
    """One request, or what somebody sent in place of one."""

    method: str = ""
    target: bytes = b""
    """As sent: origin-form, absolute-form, authority-form or ``*``."""
    version: str = ""
    """``0.9``, ``1.0``, ``1.1`` (which stands for later ones too) or ``2``."""
    headers: list[tuple[bytes, bytes]] = None  # type: ignore[assignment]  # set by _parse; a default costs on the hot path
    body: bytes = b""
    """Without its chunk framing, as far as it was kept."""
    raw: bytes = b""
    """Exactly what came, at most ``ReadLimits.kept``."""
    size: int = 0
    """How many bytes came."""
    keep_alive: bool = False
    """Whether the connection may carry another request (section 9.3)."""
    status: int = 0
    """0, or the status that says what was wrong with it; also 0 where the client went away within it."""
    error: str = ""
    """What was wrong with it; the framing of anything behind it is unknown."""
    fields: dict[bytes, bytes] = None  # type: ignore[assignment]  # likewise
    """The headers by lower-case name, the last of each; set where the head was whole."""
    continued: bool = False
    """Whether the client was told that it may send the body (RFC 9110, section 10.1.1)."""


class _Head:
    """What httptools calls back with."""

    __slots__ = ("headers", "target")

    def __init__(self) -> None:
        self.target = b""
        self.headers: list[tuple[bytes, bytes]] = []

    def on_url(self, url: bytes) -> None:
        self.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name, value.rstrip(b" \t")))


class MessageReader:
    """One connection's requests. Feed bytes as they come, then ask `next` until it says None."""

    def __init__(self, limits: ReadLimits) -> None:
        self._limits = limits
        self._buffer = bytearray()
        self._searched = 0
        """No head ends before this offset of the buffer."""
        self._begun: BegunHead | None = None
        """The head that is not whole."""
        self._message: RawMessage | None = None
        """The message whose head is complete and whose body is not."""
        self._body: Sized | Chunked | None = None
        self._raw = bytearray()

    @property
    def begun(self) -> bool:
        """Whether part of a message has come."""
        return bool(self._buffer) or self._message is not None

    @property
    def pending(self) -> RawMessage | None:
        """The message whose head is complete and whose body is not."""
        return self._message

    @property
    def announced(self) -> int:
        """Bytes of content that `pending` says it has, as far as it has said so."""
        return self._body.announced if self._body is not None else 0

    def so_far(self) -> RawMessage:
        """What has come of `pending`, which goes on."""
        message, body = self._pending()
        raw, size = bytes((self._raw + self._buffer)[: self._limits.kept]), message.size + len(self._buffer)
        return replace(message, raw=raw, body=bytes(body.kept), size=size)

    def _pending(self) -> tuple[RawMessage, Sized | Chunked]:
        if self._message and self._body:
            return self._message, self._body
        raise RuntimeError("there is no body to read")

    def feed(self, data: bytes) -> None:
        """Bytes that came."""
        self._buffer += data

    def next(self) -> RawMessage | None:
        """The next whole message, or None where more bytes are needed. After one with ``error`` there is no other."""
        if self._message is None:
            message = self._head()
            if message is None or self._message is None:
                return message
        return self._more_body()

    def rest(self) -> bytes:
        """What came behind the last message; it is not looked at again."""
        rest, self._buffer = bytes(self._buffer), bytearray()
        return rest

    def end(self, error: str) -> RawMessage | None:
        """What is left when the client has gone or the time is up, as a message with ``error``; None if nothing is."""
        if not self.begun:
            return None
        message = self._message
        if message is None:
            head = bytes(self._buffer).lstrip(b"\r\n")
            whole = head[: head.rfind(b"\n") + 1]
            status = nginx_head.read(whole).status if whole else 0
            return self._fail(RawMessage(headers=[]), status, error)
        if self._body is not None:
            message.body = bytes(self._body.kept)
        return self._fail(message, 0, error)

    def _head(self) -> RawMessage | None:
        buffer = self._buffer
        start = 0
        if buffer[:1] in _LINE_ENDS and (found := _EMPTY_LINES.match(buffer)):
            start = found.end()
        empty, half = start == len(buffer) < self._limits.head, len(buffer) < len(HTTP2_HEAD)
        if empty or (half and HTTP2_HEAD.startswith(buffer)):
            return None
        if not _OPENING.match(buffer, start, start + _OPENING_BYTES):
            return self._fail(RawMessage(headers=[]), 400, "not an HTTP request")
        found = _HEAD_END.search(buffer, max(start, self._searched), self._limits.head)
        end = found.end() if found else len(buffer)
        if end - start > _ROOMY and (status := nginx_head.overflows(bytes(buffer[start:end]))):
            return self._fail(RawMessage(headers=[]), status, "the head is too long")
        if found is None:
            self._searched = max(0, len(buffer) - 2)
            return self._unended(start)
        self._begun = None
        message = self._parse(bytes(buffer[start:end]))
        if message.error or message.version == "0.9":
            return self._fail(message, message.status, message.error)
        if self._body is None:
            message.raw = bytes(buffer[:end]) if end < len(buffer) else bytes(buffer)
            message.size = end
            del buffer[:end]
            self._searched = 0
            return message
        self._message = message
        self._keep(end)
        return message

    def _unended(self, start: int) -> RawMessage | None:
        """Of a head that is not whole: what nginx answers already."""
        first = bytes(self._buffer[start : self._buffer.find(b"\n", start) + 1])
        if first and not (nginx_head.is_ordinary(first) or is_connect(first)):
            message = self._lenient(first)
            if message.status or message.version == "0.9":
                return self._fail(message, message.status, message.error)
        self._begun = self._begun or BegunHead()
        status, error = self._begun.refused(self._buffer, start), "not a request that nginx reads"
        if not status and len(self._buffer) >= self._limits.head:
            status, error = 431, "the head is too long"
        if not status:
            return None
        method = bytes(self._buffer[start : start + _OPENING_BYTES]).partition(b" ")[0].decode("ascii")
        return self._fail(RawMessage(method, headers=[]), status, error)

    def _parse(self, head: bytes) -> RawMessage:
        callbacks = _Head()
        parser = httptools.HttpRequestParser(callbacks)
        try:
            # A lone LF ends a line too (section 2.2), as nginx and Apache have it; llhttp wants CRLF.
            parser.feed_data(
                head if head.count(b"\n") == head.count(b"\r\n") else _BARE_LF.sub(b"\r\n", head)
            )
        except httptools.HttpParserUpgrade:
            pass  # CONNECT and Upgrade: answered like any request, and never switched to
        except httptools.HttpParserError as problem:
            return self._lenient(head, f"{type(problem).__name__}: {problem}"[:200])
        version = parser.get_http_version()
        if b"\t" in head or version not in _VERSIONS or b" HTTP/1." not in head:  # it may be RTSP
            return self._lenient(head)
        method = parser.get_method().decode("ascii")
        message = RawMessage(method, callbacks.target, version, callbacks.headers)
        if message.target[:1] != b"/" and method != "CONNECT" and (found := nginx_head.read(head)).status:
            message.status, message.error = found.status, "a target that nginx does not read"
        else:
            self._framing(message)
        return message

    def _lenient(self, head: bytes, error: str = "") -> RawMessage:
        """A head that llhttp refuses or reads otherwise, as nginx reads it."""
        found = nginx_head.read(head)
        message = RawMessage(found.method, found.target, found.version, found.headers)
        if found.status:
            message.status, message.error = found.status, error or "not a request that nginx reads"
        else:
            self._framing(message)
        return message

    def _framing(self, message: RawMessage) -> None:
        """Keep-alive (section 9.3) and how the body ends (section 6.3); what contradicts itself has none."""
        headers = message.headers
        message.fields = fields = {name.lower(): value for name, value in headers}
        if message.method == "CONNECT" or message.version == "0.9":
            return
        message.keep_alive = message.version != "1.0"
        if b"connection" in fields and (closes := nginx_head.closes(headers, fields)) is not None:
            message.keep_alive = not closes
        if b"transfer-encoding" in fields:
            if fields[b"transfer-encoding"].lower() == b"chunked":
                self._body = Chunked(self._limits.kept)
        elif b"content-length" in fields:
            length = fields[b"content-length"]
            if length.isdigit() and (size := int(length[:20])):
                self._body = Sized(size, self._limits.kept)

    def _more_body(self) -> RawMessage | None:
        message, body = self._pending()
        try:
            taken = body.consume(self._buffer)
        except ValueError as problem:
            message.body = bytes(body.kept)
            return self._fail(message, 400, str(problem))
        if taken:
            self._keep(taken)
        if body.announced > self._limits.body:
            message.body = bytes(body.kept)
            return self._fail(message, 413, "the body is too long")
        if not body.done:
            return None
        message.body, message.raw = bytes(body.kept), bytes(self._raw)
        self._message = self._body = None
        self._raw = bytearray()
        return message

    def _keep(self, count: int) -> None:
        """Move ``count`` bytes of the buffer to the current message's raw bytes."""
        room = self._limits.kept - len(self._raw)
        if room > 0:
            self._raw += self._buffer[: min(count, room)]
        if self._message is not None:
            self._message.size += count
        del self._buffer[:count]
        self._searched = 0

    def _fail(self, message: RawMessage, status: int, error: str) -> RawMessage:
        """``message`` with everything that is here as its raw bytes; the connection has no next one."""
        rest = len(self._buffer)
        message.raw = bytes((self._raw + self._buffer)[: self._limits.kept])
        message.size += rest
        message.status, message.error, message.keep_alive = status, error, False
        self._buffer.clear()
        self._raw.clear()
        self._message = self._body = None
        self._searched = 0
        return message
