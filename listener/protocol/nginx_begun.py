"""A request's head while it comes: what nginx 1.18 refuses before it is whole, at the byte where it does.

The request line is read by the byte, a header line for what may not be in it by the byte and for what it says at its
end (ngx_http_parse_request_line, ngx_http_parse_header_line, ngx_http_process_request_headers).
"""

from __future__ import annotations

import re

from listener.protocol import nginx_head
from listener.protocol.nginx_paths import plain

_HOST_BEGUN = rb"(?:\[[0-9A-Za-z:._~!$&'()*+,;=-]*\]?|[0-9A-Za-z.-]*)(?::[0-9]*)?"
_TARGET_BEGUN = rb"(?:%b|[A-Za-z][A-Za-z0-9+.-]*(?::(?:/(?:/%b(?:%b)?)?)?)?)" % (
    nginx_head.URI,
    _HOST_BEGUN,
    nginx_head.URI,
)
_VERSION_BEGUN = rb"(?:H(?:T(?:T(?:P(?:/(?:1(?:\.(?:[0-9]{1,3} *)?)?)?)?)?)?)?)?"
_LINE_BEGUN = re.compile(rb"[A-Z_-]*(?: +(?:%b(?: +%b)?)?)?\r?\Z" % (_TARGET_BEGUN, _VERSION_BEGUN))
_AUTHORITY = rb"[0-9A-Za-z\[][^\0-\x20\x7f/?#]*"
_CONNECT_BEGUN = re.compile(rb"CONNECT +(?:%b(?: +%b)?)?\r?\Z" % (_AUTHORITY, _VERSION_BEGUN))
_CONNECT = re.compile(rb"CONNECT +%b +HTTP/1\.[0-9]{1,3} *\r?\n" % _AUTHORITY)
_TOO_NEW = re.compile(rb"[A-Z_-]+ +%b +HTTP/(?:[2-9]|1[0-9])" % _TARGET_BEGUN)


def is_connect(line: bytes) -> bool:
    """Whether ``line``, a request line with its end, asks a proxy for a tunnel (RFC 9110, section 9.3.6).

    nginx refuses it; the front does not where it is whole, so it waits for the rest.
    """
    return _CONNECT.fullmatch(line) is not None


class BegunHead:
    """One head. Linear in all that comes of it."""

    def __init__(self) -> None:
        self._line = 0
        """Where the line begins that is not whole, from the beginning of the head."""
        self._seen: set[bytes] = set()
        """Names that may stand there once."""

    def refused(self, head: bytearray, start: int) -> int:
        """The status of what has come, ``head`` from ``start`` on; 0 where the rest is waited for."""
        while end := head.find(b"\n", start + self._line) + 1:
            line = bytes(head[start + self._line : end])
            status = self._header(line) if self._line else self._request_line(line)
            if status:
                return status
            self._line = end - start
        begun = bytes(head[start + self._line :])
        if self._line:
            return 400 if _is_broken(begun) else 0
        if _TOO_NEW.match(begun):
            return 505
        return 0 if _LINE_BEGUN.match(begun) or _CONNECT_BEGUN.match(begun) else 400

    @staticmethod
    def _request_line(line: bytes) -> int:
        if is_connect(line):
            return 0
        found = nginx_head.read(line)
        return found.status or (400 if found.target[:1] == b"/" and plain(found.target) is None else 0)

    def _header(self, line: bytes) -> int:
        text = line[:-1]
        if _is_broken(text):
            return 400
        name, _, value = text.rstrip(b"\r").partition(b":")
        name = name.lower()
        if name not in nginx_head.ONCE:
            return 0
        if name in self._seen or (name == b"host" and not nginx_head.is_host(value.strip(b" "))):
            return 400
        self._seen.add(name)
        return 0


def _is_broken(line: bytes) -> bool:
    """Whether a header line, or its beginning, has what may not be in it."""
    return b"\0" in line or b"\r" in line.rstrip(b"\r") or line.startswith(b"\r\r")
