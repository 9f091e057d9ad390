"""What goes back: status line, headers, body, in the words and the order of this installation.

The order of the headers that the trap adds, and the look of its error pages, follow from the installation's key:
nothing here is the same everywhere, and nothing names a product.
"""

from __future__ import annotations

from email.utils import formatdate
from http import HTTPStatus

from canaries.core import clock
from listener.personas import Answer
from listener.protocol.identity import Identity

_REASONS = {status.value: status.phrase for status in HTTPStatus}
_BODILESS = (204, 304)
"""No content, and no length either (RFC 9110, section 8.6)."""

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_PAGES = (
    "<html><head><title>{status} {reason}</title></head><body><h1>{status} {reason}</h1></body></html>\n",
    "<!DOCTYPE html>\n<html>\n<head><title>{reason}</title></head>\n<body><h1>{reason}</h1></body>\n</html>\n",
    "<html>\n<head><title>Error {status}</title></head>\n<body>\n<h2>{status}: {reason}</h2>\n</body>\n</html>\n",
    "<!doctype html>\n<title>{status} {reason}</title>\n<h1>{reason}</h1>\n<p>Error code {status}.</p>\n",
    "{status} {reason}\n",
    '{{"status":{status},"error":"{reason}"}}\n',
)
_TYPES = {"{": "application/json", "<": "text/html", "5": "text/plain", "4": "text/plain"}


class Responder:
    """Turns answers into bytes."""

    def __init__(self, identity: Identity) -> None:
        stream = identity.stream("http")
        rest = ["answer", "date", "length", "connection"]
        self._order = [rest.pop(stream.below(f"order {left}", left)) for left in (4, 3, 2, 1)]
        self._says_keep_alive = stream.below("keep-alive", 2) == 1
        self._page = stream.pick("page", _PAGES)
        self._charset = stream.pick("charset", ("", "; charset=utf-8", "; charset=UTF-8"))
        self._second = 0
        self._date = ""

    def error(self, status: int) -> Answer:
        """The installation's page for a request that is none, or that cannot be served."""
        body = self._page.format(status=status, reason=_REASONS[status])
        return Answer(status, (("Content-Type", _TYPES[body[0]] + self._charset),), body.encode(), "error")

    def render(self, answer: Answer, *, head_only: bool, version: str, keep_alive: bool) -> bytes:
        """The whole response. ``head_only``: the request was HEAD; ``version``: the request's."""
        lines = [f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, 'Unknown')}"]
        for part in self._order:
            if part == "answer":
                lines += [f"{name}: {_clean(value)}" for name, value in answer.headers]
            elif part == "date":
                lines.append(self._dated())
            elif part == "length":
                if answer.status not in _BODILESS:
                    lines.append(f"Content-Length: {len(answer.body)}")
            elif not keep_alive:
                lines.append("Connection: close")
            elif self._says_keep_alive or version == "1.0":
                lines.append("Connection: keep-alive")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
        return head if head_only or answer.status in _BODILESS else head + answer.body

    def fields(self, answer: Answer) -> list[tuple[str, str]]:
        """The header fields of a response, for HTTP/2: in this installation's order, without those of a connection."""
        fields: list[tuple[str, str]] = []
        for part in self._order:
            if part == "answer":
                fields += [(name, _clean(value)) for name, value in answer.headers]
            elif part == "date":
                fields.append(("Date", self._dated().partition(": ")[2]))
            elif part == "length" and answer.status not in _BODILESS:
                fields.append(("Content-Length", str(len(answer.body))))
        return fields

    def _dated(self) -> str:
        """``Date`` (RFC 9110, section 6.6.1), worked out once a second."""
        second = clock.micros() // 1_000_000
        if second != self._second:
            self._second, self._date = second, "Date: " + formatdate(second, usegmt=True)
        return self._date


def _clean(value: str) -> str:
    """A header value that cannot end its line: a persona may echo what a visitor sent."""
    return value if value.isprintable() else "".join(char for char in value if char.isprintable())
