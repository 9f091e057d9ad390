"""One HTTP/1 message out of its raw bytes, however broken.

A server refuses what RFC 9112 forbids; evidence cannot. This parser takes what is there: a missing version, bare line
feeds, folded lines, a line without a colon, a body cut short. What it could not make sense of it names in ``defects``.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field, replace
from functools import lru_cache

from canaries.core.lazily import lazily
from canaries.core.text import decoded
from listener.protocol.head import head_end

_AUTHORITY = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)")
_UNPACKED = 256 * 1024
"""Bytes a compressed body may grow to: its reader must not be bombed."""
_MOST_HEADERS = 500
_LONGEST_BLOCK, _REMEMBERED = 4096, 1024
"""Bytes of header lines that are remembered, and blocks: some 12 MB at most."""


@dataclass(frozen=True)
class ParsedMessage:
    """A request as it was sent."""

    method: str = ""
    target: str = ""
    """As in the request line, undecoded."""
    version: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    """Name as written, value without the white space around it; in order."""
    body: bytes = b""
    """With the transfer and content codings undone, where they could be."""
    defects: list[str] = field(default_factory=list)
    """What RFC 9112 would have refused, in words."""

    @lazily
    def fields(self) -> dict[str, str]:
        """The first header of each name, in lower case."""
        return {name.lower(): value for name, value in reversed(self.headers)}

    @lazily
    def authority(self) -> str:
        """``host:port`` of an absolute target or of CONNECT; empty where the target is a path."""
        if self.method == "CONNECT":
            return self.target
        if self.target.startswith("/"):
            return ""
        found = _AUTHORITY.match(self.target)
        return found[1] if found else ""

    @lazily
    def path(self) -> str:
        """Of the target, undecoded, without scheme, authority and query."""
        if self.method == "CONNECT":
            return ""
        rest = self.target
        if not rest.startswith("/"):
            rest = _AUTHORITY.sub("", rest, count=1)
        return rest.split("?", 1)[0]

    @lazily
    def query(self) -> str:
        """Behind the target's first question mark, undecoded."""
        return self.target.partition("?")[2]


def hostname(authority: str) -> str:
    """``user@Host:port`` or ``[v6]:port`` as the bare name, in lower case, without a final dot."""
    name = authority.rpartition("@")[2]
    name = name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0]
    return name.strip(" .").lower()


def parse(raw: bytes) -> ParsedMessage:
    """The message in ``raw``. Never raises."""
    raw = raw.lstrip(b"\r\n")  # RFC 9112, section 2.2: empty lines before a request are skipped
    if not raw:
        return ParsedMessage()
    end = head_end(raw)
    head, body = (raw[: end[0]], raw[end[1] :]) if end else (raw, b"")
    defects = [] if end else ["the header section has no end"]
    first, newline, block = head.partition(b"\n")
    method, target, version = _request_line(decoded(first).rstrip("\r"), defects)
    read = _block if len(block) <= _LONGEST_BLOCK else _block.__wrapped__
    headers, found, fields = read(block) if newline else ((), (), {})
    defects += found
    message = ParsedMessage(method, target, version, list(headers), b"", defects)
    vars(message)["fields"] = fields  # nobody changes it
    return replace(message, body=_plain(message, body)) if body else message


def _request_line(line: str, defects: list[str]) -> tuple[str, str, str]:
    words = line.split(" ")
    if len(words) == 3 and words[2].startswith("HTTP/"):
        return words[0], words[1], words[2]
    defects.append("the request line is malformed")
    method, _, rest = line.partition(" ")
    target, _, version = rest.rpartition(" ")
    if version.startswith("HTTP/"):
        return method, target, version
    return method, rest, ""


@lru_cache(_REMEMBERED)
def _block(block: bytes) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...], dict[str, str]]:
    """Of header lines: their names and values, their defects, the first value of each name in lower case.

    A program sends the same lines with each of its requests.
    """
    defects: list[str] = []
    headers = _headers(decoded(block).split("\n"), defects)
    return tuple(headers), tuple(defects), {name.lower(): value for name, value in reversed(headers)}


def _headers(lines: list[str], defects: list[str]) -> list[tuple[str, str]]:
    headers: list[tuple[str, str]] = []
    for line in lines[:_MOST_HEADERS]:
        name, colon, value = line.partition(":")
        if colon and name[:1] not in (" ", "\t"):
            headers.append((name, value.strip(" \t\r")))
        elif headers and line[:1] in (" ", "\t"):
            defects.append("a header line is folded")
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {line.strip()}")
        else:
            defects.append("a header line has no colon")
            headers.append((line.rstrip("\r"), ""))
    if len(lines) > _MOST_HEADERS:
        defects.append(f"{len(lines) - _MOST_HEADERS} more header lines")
    return headers


def _plain(message: ParsedMessage, body: bytes) -> bytes:
    if "chunked" in message.fields.get("transfer-encoding", "").lower():
        body = _unchunked(body, message.defects)
    coding = message.fields.get("content-encoding", "").lower()
    if coding in ("gzip", "x-gzip", "deflate"):
        return _inflated(body, message.defects)
    return body


def _unchunked(body: bytes, defects: list[str]) -> bytes:
    """RFC 9112, section 7.1, as far as it goes."""
    chunks: list[bytes] = []
    at = 0
    while at < len(body):
        line_end = body.find(b"\n", at)
        size_text = body[at:line_end].split(b";")[0].strip() if line_end >= 0 else b""
        try:
            size = int(size_text, 16)
        except ValueError:
            size = -1
        if size < 0:
            defects.append("the chunked coding is malformed")
            return b"".join([*chunks, body[at:]])
        if size == 0:
            break
        chunks.append(body[line_end + 1 : line_end + 1 + size])
        at = line_end + 1 + size
        at += 2 if body[at : at + 2] == b"\r\n" else body[at : at + 1] == b"\n"
    return b"".join(chunks)


def _inflated(body: bytes, defects: list[str]) -> bytes:
    # "deflate" is zlib's format by RFC 9110, section 8.4.1.2, and bare deflate in practice: both are tried.
    for window in (47, -15):
        try:
            return zlib.decompressobj(window).decompress(body, _UNPACKED)
        except zlib.error:
            continue
    defects.append("the content coding is malformed")
    return body
