"""What nginx 1.18 makes of a request's head where it is not one that everybody reads alike.

The front's parser (llhttp) is stricter than nginx in places and laxer in others. `read` takes a head that llhttp
refuses, and says what nginx makes of it; `refused` says what nginx refuses although it can be read; `overflows` says
whether a head fits into nginx's buffers. The laws are those of ngx_http_parse.c and ngx_http_request.c.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from listener.protocol.nginx_paths import plain

Headers = Sequence[tuple[bytes, bytes]]

URI = rb"/(?:[^\0\r\n ]|[ ]+(?=[^\0\r\n H]))*"
_HOST = rb"(\[[0-9A-Za-z:._~!$&'()*+,;=-]*\]|[0-9A-Za-z.-]*)"
_TARGET = re.compile(
    rb"([A-Z_-]+)[ ]+(?:(%b)|[A-Za-z][A-Za-z0-9+.-]*://%b(?::[0-9]*)?((?=[ ])|%b))" % (URI, _HOST, URI)
)
"""A space ends no target, unless an H or the line's end is behind it."""
_SCHEME = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://")
_VERSION = re.compile(rb"HTTP/(?:([2-9]|1[0-9])|1\.([0-9]{1,3})[ ]*\r?\Z)")
_NAME = re.compile(rb"[A-Za-z0-9-]+")
_ORDINARY_LINE = re.compile(rb"[A-Z]+ /[!-~]* HTTP/1\.[01]\r?\n")
_ORDINARY_HOST = re.compile(rb"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::[0-9]*)?")
ONCE = frozenset(
    b"host if-modified-since if-unmodified-since if-match if-none-match content-length content-range if-range "
    b"transfer-encoding expect authorization".split()
)
"""Headers of which there may be one."""
_BUFFER, _BUFFERS, _FIRST_BUFFER = 8192, 4, 1024
"""``large_client_header_buffers`` and ``client_header_buffer_size``, bytes."""
_LONGEST_LENGTH = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Head:
    """What nginx reads in a head."""

    status: int
    """0, or the status that it is refused with."""
    version: str = "1.0"
    """``0.9``, ``1.0`` or ``1.1``, which stands for all later ones."""
    method: str = ""
    target: bytes = b""
    """Of a URL its path and query."""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    """Those with a name that nginx looks at."""


def read(head: bytes) -> Head:
    """What nginx reads in ``head``, from the request line to the empty line; what is behind a line that ends the
    request need not be there."""
    line, _, rest = head.partition(b"\n")
    found = _request_line(line)
    if found.status or found.version == "0.9":
        return found
    for line in rest.split(b"\n"):
        text = line.rstrip(b"\r")
        if b"\r" in text or b"\0" in text or line == b"\r\r":
            return Head(400)
        if not text:
            break
        name, _, value = text.partition(b":")
        if _NAME.fullmatch(name):
            found.headers.append((name, value.strip(b" ")))
    return found


def is_ordinary(line: bytes) -> bool:
    """Whether ``line``, a request line with its end, is the beginning of a head that must be waited for."""
    return _ORDINARY_LINE.fullmatch(line) is not None


def _request_line(line: bytes) -> Head:
    found = _TARGET.match(line)
    if found is None:
        return Head(400)
    method, rest = found[1].decode("ascii"), line[found.end() :]
    said = rest.lstrip(b" ")
    target = (found[2] or found[4] or b"/").rstrip(b" ")
    if said in (b"", b"\r"):
        bad = method != "GET" or (found[3] is not None and not is_host(found[3])) or plain(target) is None
        return Head(400 if bad else 0, "0.9", method, target)
    version = _VERSION.match(said)
    if version is None or not rest.startswith(b" "):
        return Head(400)
    if version[1]:
        return Head(505)
    if found[3] is not None and not is_host(found[3]):
        return Head(400)
    return Head(0, "1.1" if int(version[2]) else "1.0", method, target)


def refused(method: str, target: bytes, version: str, headers: Headers, fields: Mapping[bytes, bytes]) -> int:
    """The status of a request that can be read and yet gets none of what it asks for; 0 where nginx goes on.

    ``fields``: ``headers`` by lower-case name.
    """
    if len(method) + len(target) + len(" HTTP/1.1\r\n") > _BUFFER:
        return 414
    if len(fields) != len(headers) and _doubled(headers):
        return 400
    host = fields.get(b"host")
    if host is None:
        if version not in ("1.0", "0.9"):
            return 400
    elif not _ORDINARY_HOST.fullmatch(host) and not is_host(host):
        return 400
    length = fields.get(b"content-length")
    if length is not None and not (length.isdigit() and int(length[:20]) <= _LONGEST_LENGTH):
        return 400
    if target[:1] == b"/" and plain(target) is None:
        return 400
    if method == "TRACE":
        return 405
    coding = fields.get(b"transfer-encoding")
    return 0 if coding is None or coding.lower() == b"chunked" else 501


def _doubled(headers: Headers) -> bool:
    names = [name.lower() for name, _ in headers]
    return any(name in ONCE and names.count(name) > 1 for name in set(names))


def is_host(host: bytes) -> bool:
    """Whether nginx takes it for the name of a host, with or without a port (ngx_http_validate_host)."""
    if b".." in host or b"/" in host or b"\0" in host:
        return False
    name = host.partition(b"]")[0] if host[:1] == b"[" else host.partition(b":")[0]
    return name not in (b"", b".")


def closes(headers: Headers, fields: Mapping[bytes, bytes]) -> bool | None:
    """Whether the headers ``Connection`` end the connection; None where they say nothing of it. The last one counts.

    ``fields``: ``headers`` by lower-case name.
    """
    said = None
    if len(fields) == len(headers):
        headers = [(name, fields[name]) for name in (b"connection",) if name in fields]
    for name, value in headers:
        if len(name) == 10 and name.lower() == b"connection":
            value = value.lower()
            if b"close" in value:
                said = True
            elif b"keep-alive" in value:
                said = False
    return said


def overflows(head: bytes) -> int:
    """The status for a head, or the beginning of one, that does not fit into the buffers; 0 where it fits.

    The first buffer is short. A line that does not end in its buffer is copied to the next.
    """
    begins, end, buffers = 0, _FIRST_BUFFER, 0
    while end < len(head):
        begins = max(begins, head.rfind(b"\n", begins, end) + 1)
        if buffers == _BUFFERS or end - begins >= _BUFFER:
            return 431 if b"\n" in head[:end] else 414
        end, buffers = begins + _BUFFER, buffers + 1
    return 0


def origin_form(target: bytes) -> bytes:
    """Path and query of a target in absolute-form (RFC 9112, section 3.2.2); any other one as it is."""
    if target[:1] == b"/" or not _SCHEME.match(target):
        return target
    rest = target.partition(b"://")[2]
    slash = rest.find(b"/")
    return rest[slash:] if slash >= 0 else b"/"
