"""One request of HTTP/2 while it comes: which of its fields nginx 1.18 refuses, and how it is written down."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from listener.http.wire import RawMessage
from listener.protocol.http2_frames import PROTOCOL
from listener.protocol.nginx_paths import plain

STREAM_WINDOW = 65_536
"""Bytes of a body that are taken before they are asked for (``http2_body_preread_size``)."""
_NAME_REFUSED, _VALUE_REFUSED = re.compile(rb"[\0\r\n:A-Z]"), re.compile(rb"[\0\r\n]")
"""ngx_http_v2_validate_header."""
_PSEUDO = {
    b":method": re.compile(rb"[A-Z_-]+"),
    b":path": re.compile(rb"(?s)/.*"),
    b":scheme": re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*"),
    b":authority": re.compile(rb"(?s).*"),
}
"""ngx_http_v2_pseudo_header; whether an authority names a host is looked at as of ``Host``."""


@dataclass(frozen=True, slots=True)
class Http2Request:
    """One request, or what there was of it when its stream or the connection ended."""

    stream: int
    message: RawMessage
    frames: bytes
    """What came over the connection since the request before, at most 16 KB."""
    head_only: bool = False
    """Whether its answer has no body, as far as its method was known when it was refused."""


@dataclass(slots=True)
class Http2Stream:
    """One request while it comes."""

    number: int
    ended: bool
    """Whether the client sends no more."""
    room: int = 0
    """Bytes that the client takes of the answer's body (section 5.2)."""
    takes: int = STREAM_WINDOW
    """Bytes that the client may send of its own."""
    fields: list[tuple[bytes, bytes]] = field(default_factory=list)
    """All that came, trailers too."""
    pseudo: dict[bytes, bytes] = field(default_factory=dict)
    """Those that were taken before anything was wrong."""
    wrong: str = ""
    """What was wrong with it; no field behind is looked at."""
    status: int = 0
    """What that is answered with; 0 where the stream is reset."""
    reset: int = 0
    """The error code that it is reset with."""
    buffered: bool = False
    """Whether its body is read before it is answered: by nginx, for a server behind it."""
    early: bool = False
    """Whether nginx answers it before its body has come, and asks for no more of it."""
    recorded: bool = False
    body: bytearray = field(default_factory=bytearray)
    size: int = 0
    """Of the body, bytes that came."""
    unsent: bytes = b""
    """Of the answer."""

    def take(self, name: bytes, value: bytes) -> None:
        """One more field."""
        self.fields.append((name, value))
        if self.wrong:
            return
        pseudo = name[:1] == b":"
        if _NAME_REFUSED.search(name, int(pseudo)) or _VALUE_REFUSED.search(value):
            self.wrong, self.reset = "HTTP/2: a field that is refused", PROTOCOL
        elif pseudo:
            form = _PSEUDO.get(name)
            if form is None or name in self.pseudo or not form.fullmatch(value):
                self._refuse("HTTP/2: a pseudo-header field that is refused")
            elif name == b":path" and plain(value) is None:
                self._refuse("HTTP/2: a path that is refused")
            else:
                self.pseudo[name] = value

    def finish(self) -> None:
        """There are no more fields."""
        if self.wrong:
            return
        method = self.pseudo.get(b":method")
        if method == b"CONNECT" and set(self.pseudo) == {b":method", b":authority"}:
            return  # section 8.5: an imitated proxy's
        if len(self.pseudo.keys() - {b":authority"}) < 3:
            self._refuse("HTTP/2: a pseudo-header field is missing")
        elif self.ended and self.length > 0 and method != b"TRACE":
            self._refuse("HTTP/2: the stream ended before its body")

    def _refuse(self, wrong: str) -> None:
        self.wrong, self.status = wrong, 400

    @property
    def length(self) -> int:
        """Bytes that the request says its body has; -1 where it says none."""
        for name, value in self.fields:
            if name == b"content-length" and value.isdigit():
                return int(value[:20])
        return -1

    def add(self, data: bytes, taken: int, kept: int, *, ends: bool) -> None:
        """More of the body. ``taken``: bytes of the window that its frame took; ``kept``: bytes kept of the body."""
        self.takes -= taken
        self.size += len(data)
        self.body += data[: max(0, kept - len(self.body))]
        self.ended = ends
        if self.buffered and not self.wrong:
            self._check_length()

    def _check_length(self) -> None:
        """As nginx does where it reads a body before anybody else."""
        if 0 <= self.length < self.size or (self.ended and self.size < self.length):
            self._refuse("HTTP/2: the body is not as long as it says")

    def request(self, error: str, frames: bytes, kept: int) -> Http2Request:
        """As it is now. ``frames``: what came over the connection, which stands for it where it has no field."""
        self.recorded = True
        head = self.pseudo.get(b":method") == b"HEAD"
        message = self.message(error, frames, kept)
        self.body.clear()
        return Http2Request(self.number, message, frames, head)

    def message(self, error: str, frames: bytes, kept: int) -> RawMessage:
        """As HTTP/1 writes it. Pseudo-header fields that were not taken stand among the others."""
        taken, fields = dict(self.pseudo), []
        for name, value in self.fields:
            if taken.get(name) == value:
                del taken[name]
            else:
                fields.append((name, value))
        pseudo = self.pseudo
        if b":authority" in pseudo:
            fields.insert(0, (b"host", pseudo[b":authority"]))
        method = pseudo.get(b":method", b"").decode("latin-1")
        target = pseudo.get(b":path") or pseudo.get(b":authority", b"")
        body = bytes(self.body)
        if self.fields:
            lines = [
                b"%s %s HTTP/2" % (method.encode("latin-1"), target),
                *(b"%s: %s" % one for one in fields),
            ]
            raw = b"\r\n".join(lines) + b"\r\n\r\n" + body
        else:
            raw = frames
        message = RawMessage(method, target, "2", fields, body, raw[:kept], len(raw) + self.size - len(body))
        message.status, message.error = self.status, error
        if not error:
            message.fields = dict(fields)
        return message
