"""What goes back: status line, headers, body, as the web server that this host is would send them.

Headers come in nginx's order: its own first, then those of whatever answered behind it. Every answer names the same
server, also those of imitated services, which a server in front of them would answer for.
"""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import formatdate
from functools import lru_cache

from canaries.core import clock
from listener.personas import Answer
from listener.protocol.host_character import reason
from listener.protocol.identity import Identity

_CHUNKED = ("Transfer-Encoding", "chunked")
_BODILESS = (204, 304)
"""No content, and no length either (RFC 9110, section 8.6)."""
_OF_THE_HOST = frozenset({"server", "date", "content-length", "connection"})
_FIRST, _SECOND, _THIRD = "content-type", "last-modified", "transfer-encoding"
"""Before the length, and before ``Connection`` (ngx_http_header_filter_module.c)."""
_CODED = "content-encoding"
"""What the host has coded itself has no length."""

_HEADS = 256
"""Of responses that are kept, for one second each: of many, most are the same few."""
_Fields = tuple[tuple[str, str], ...]

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Responder:
    """Turns answers into bytes."""

    def __init__(self, identity: Identity) -> None:
        self.host = identity.host
        self._second = 0
        self._date = ""
        self._head = lru_cache(_HEADS)(self._made)

    def error(self, status: int) -> Answer:
        """The host's page for a request that is none, or that cannot be served."""
        shown = 400 if status == 431 else status
        return Answer(
            shown, (("Content-Type", "text/html"),), self.host.error_page(status), f"error {status}"
        )

    def render(self, answer: Answer, *, head_only: bool, version: str, keep_alive: bool) -> bytes:
        """The whole response. ``head_only``: the request was HEAD; ``version``: the request's."""
        if version == "0.9":
            return answer.body
        connection = "keep-alive" if keep_alive else "close"
        head = self._head(answer.status, answer.headers, len(answer.body), connection, self._dated())
        if head_only or answer.status in _BODILESS:
            return head
        if _CHUNKED in answer.headers:
            return b"%b%x\r\n%b\r\n0\r\n\r\n" % (head, len(answer.body), answer.body)
        return head + answer.body

    def _made(self, status: int, headers: _Fields, length: int, connection: str, date: str) -> bytes:
        lines = [f"HTTP/1.1 {status} {reason(status)}"]
        ordered = self._ordered(status, headers, length, date, ("Connection", connection))
        lines += [f"{name}: {_clean(value)}" for name, value in ordered]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

    def switched(self, fields: Iterable[tuple[str, str]]) -> bytes:
        """The head that grants another protocol, ``fields`` being those of the server behind nginx."""
        own = (("Server", self.host.server), ("Date", self._dated()), ("Connection", "upgrade"))
        lines = ["HTTP/1.1 101 Switching Protocols", *(f"{name}: {value}" for name, value in (*own, *fields))]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def fields(self, answer: Answer) -> list[tuple[str, str]]:
        """The header fields of a response, for HTTP/2: in the host's order, without those of a connection."""
        ordered = self._ordered(answer.status, answer.headers, len(answer.body), self._dated())
        return [(name, _clean(value)) for name, value in ordered]

    def _ordered(
        self, status: int, headers: _Fields, length: int, date: str, *connection: tuple[str, str]
    ) -> list[tuple[str, str]]:
        first, second, rest = [], [], []
        coded = status in _BODILESS
        for header in headers:
            name = header[0].lower()
            if name == _FIRST:
                first.append(header)
            elif name in (_SECOND, _THIRD):
                second.append(header)
            elif name not in _OF_THE_HOST:
                rest.append(header)
                coded = coded or name == _CODED
        size = [] if coded else [("Content-Length", str(length))]
        head = [("Server", self.host.server), ("Date", date)]
        return [*head, *first, *size, *second, *connection, *rest]

    def _dated(self) -> str:
        """``Date`` (RFC 9110, section 6.6.1), worked out once a second."""
        second = clock.micros() // 1_000_000
        if second != self._second:
            self._second, self._date = second, formatdate(second, usegmt=True)
        return self._date


def _clean(value: str) -> str:
    """A header value that cannot end its line: a persona may echo what a visitor sent."""
    return value if value.isprintable() else "".join(char for char in value if char.isprintable())
