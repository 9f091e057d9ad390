"""HTTP/1 framing (RFC 9112) without a socket: bytes in, whole messages out, each with the exact bytes it came as.

The end of the head is found here, and httptools (llhttp) is given exactly the head; the body is then measured by
Content-Length or chunk by chunk. So a message's bytes are known to the byte, one request is handed out at a time
however many are pipelined, and what llhttp refuses is still a message: with ``error``, to be recorded and answered.

    raw(1) + raw(2) + ... = everything that came, as long as nothing was longer than is kept
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import httptools

from listener.http.framing import Chunked, Sized

_HEAD_END = re.compile(rb"\n\r?\n")
_BARE_LF = re.compile(rb"(?<!\r)\n")
_OPENING = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}(?: |\Z)")
"""A method and its space, or what may become one: anything else can be refused at once (RFC 9112, section 3.1)."""

_LINE_ENDS = (bytearray(b"\r"), bytearray(b"\n"))
_LONGEST_LINE = 8192
"""Bytes of a request line: a head that is too long because of it is another refusal."""
_EMPTY_LINES = 8
"""Bytes of empty lines before a request that are skipped (section 2.2 asks for at least one line)."""


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How much of a message is read, and how much of it is kept. Bytes."""

    head: int = 65_536
    """Request line and headers; longer is refused with 431."""
    kept: int = 1_048_576
    """Of head and body together; the rest is counted, not kept."""
    body: int = 67_108_864
    """More than this is not even read to its end: 413."""


@dataclass(slots=True)
class RawMessage:
    """One request, or what somebody sent in place of one."""

    method: str = ""
    target: bytes = b""
    """As sent: origin-form, absolute-form, authority-form or ``*``."""
    version: str = ""
    """``1.0`` or ``1.1``."""
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
    """0, or the status that says what was wrong with it."""
    error: str = ""
    """What was wrong with it; the framing of anything behind it is unknown."""


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
        self._message: RawMessage | None = None
        """The message whose head is complete and whose body is not."""
        self._body: Sized | Chunked | None = None
        self._raw = bytearray()
        self.wants_continue = False
        """The client waits for 100 before it sends its body (RFC 9110, section 10.1.1). The caller resets it."""

    @property
    def begun(self) -> bool:
        """Whether part of a message has come."""
        return bool(self._buffer) or self._message is not None

    @property
    def in_body(self) -> bool:
        """Whether the head is complete and the body is not."""
        return self._message is not None

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
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest

    def end(self, status: int, error: str) -> RawMessage | None:
        """What is left when the client has gone or the time is up, as a message with ``error``; None if nothing is."""
        if not self.begun:
            return None
        message = self._message or RawMessage(headers=[])
        if self._body is not None:
            message.body = bytes(self._body.kept)
        return self._fail(message, status, error)

    def _head(self) -> RawMessage | None:
        buffer = self._buffer
        start = 0
        while start < _EMPTY_LINES and buffer[start : start + 1] in _LINE_ENDS:
            start += 1
        if start == len(buffer) and start < _EMPTY_LINES:
            return None
        if not _OPENING.match(buffer, start, start + 33):
            return self._fail(RawMessage(headers=[]), 400, "not an HTTP request")
        found = _HEAD_END.search(buffer, max(start, self._searched), self._limits.head)
        if found is None:
            self._searched = max(0, len(buffer) - 2)
            if len(buffer) >= self._limits.head:
                line = buffer.find(b"\n", start, start + _LONGEST_LINE)
                status = 431 if line >= 0 else 414
                return self._fail(RawMessage(headers=[]), status, "the head is too long")
            return None
        end = found.end()
        message = self._parse(bytes(buffer[start:end]))
        if message.error:
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

    def _parse(self, head: bytes) -> RawMessage:
        callbacks = _Head()
        parser = httptools.HttpRequestParser(callbacks)
        error = ""
        try:
            # A lone LF ends a line too (section 2.2), as nginx and Apache have it; llhttp wants CRLF.
            parser.feed_data(
                head if head.count(b"\n") == head.count(b"\r\n") else _BARE_LF.sub(b"\r\n", head)
            )
        except httptools.HttpParserUpgrade:
            pass  # CONNECT and Upgrade: answered like any request, and never switched to
        except httptools.HttpParserError as problem:
            error = f"{type(problem).__name__}: {problem}"[:200]
        method = parser.get_method().decode("ascii")
        message = RawMessage(method, callbacks.target, parser.get_http_version(), callbacks.headers)
        if error:
            message.status, message.error = 400, error
        elif message.version not in ("1.0", "1.1"):
            message.status, message.error = 505, "HTTP version not supported"
        else:
            self._framing(message)
        return message

    def _framing(self, message: RawMessage) -> None:
        """Keep-alive (section 9.3) and how the body ends (section 6.3); llhttp has refused what contradicts itself."""
        length, chunked, connection, expects = 0, False, b"", False
        for name, value in message.headers:
            size = len(name)
            if size == 10 and name.lower() == b"connection":
                connection += value.lower() + b","
            elif size == 14 and name.lower() == b"content-length":
                length = int(value)
            elif size == 17 and name.lower() == b"transfer-encoding":
                chunked = True
            elif size == 6 and name.lower() == b"expect":
                expects = value.lower() == b"100-continue"
        if message.method == "CONNECT":
            return
        options = [option.strip() for option in connection.split(b",")] if connection else []
        message.keep_alive = b"keep-alive" in options if message.version == "1.0" else b"close" not in options
        if chunked:
            self._body = Chunked(self._limits.kept)
        elif length:
            self._body = Sized(length, self._limits.kept)
        self.wants_continue = expects and self._body is not None and message.version == "1.1"

    def _more_body(self) -> RawMessage | None:
        message, body = self._message, self._body
        if message is None or body is None:
            raise RuntimeError("there is no body to read")
        try:
            taken = body.consume(self._buffer)
        except ValueError as problem:
            message.body = bytes(body.kept)
            return self._fail(message, 400, str(problem))
        if taken:
            self.wants_continue = False
            self._keep(taken)
        if message.size > self._limits.body:
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


def origin_form(target: bytes) -> bytes:
    """Path and query of a target in absolute-form (RFC 9112, section 3.2.2); any other one as it is."""
    if target[:7].lower() not in (b"http://", b"https:/"):
        return target
    rest = target.partition(b"://")[2]
    slash = rest.find(b"/")
    return rest[slash:] if slash >= 0 else b"/"
