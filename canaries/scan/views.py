"""The same bytes with what programs put between them taken away: one pass of the search for each way that occurs.

    wide        the zero bytes of UTF-16 and of fixed-width fields
    unwrapped   the line ends within Base64 of mail and keys
    soft        the soft line breaks of quoted-printable
    escaped     percent encoding, once and several times over, character references, JSON's backslashes, full-width
                letters

A view knows where each of its bytes stands in the original.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

_WRAPPED = re.compile(rb"[A-Za-z0-9+/]{60,76}\r?\n[A-Za-z0-9+/]")
_USUAL_WIDTHS = frozenset({60, 64, 70, 72, 76})
_SOFT = re.compile(rb"=\r?\n")
_ESCAPES = {
    b"%": rb"%(?:25)*[0-9A-Fa-f]{2}",
    b"&": rb"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});",
    b"\\": rb"\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|/)",
    b"\xef": rb"\xef[\xbc\xbd][\x80-\xbf]",
}
"""By their first byte: looking for one byte costs next to nothing."""
_FIRST = {lead: re.compile(pattern) for lead, pattern in _ESCAPES.items()}
_ESCAPED = re.compile(b"|".join(_ESCAPES.values()))


@dataclass(frozen=True, slots=True)
class TextView:
    """Bytes to search."""

    name: str
    """One of the above; empty for the bytes themselves."""
    content: bytes
    place: Callable[[int], int]
    """Where in the original the byte with this number stands."""


def views(content: bytes) -> Iterator[TextView]:
    """``content`` itself, and every view of it that differs."""
    yield TextView("", content, lambda place: place)
    if b"\0" in content:
        yield _without("wide", content, np.frombuffer(content, np.uint8) != 0)
    if _is_wrapped(content):
        codes = np.frombuffer(content, np.uint8)
        yield _without("unwrapped", content, (codes != 0x0A) & (codes != 0x0D))
    if b"=\n" in content or b"=\r\n" in content:
        yield _replaced("soft", content, _SOFT, lambda found: b"")
    if any(lead in content and pattern.search(content) for lead, pattern in _FIRST.items()):
        yield _replaced("escaped", content, _ESCAPED, _plain)


def _without(name: str, content: bytes, kept: np.typing.NDArray[np.bool_]) -> TextView:
    codes = np.frombuffer(content, np.uint8)[kept]
    return TextView(name, codes.tobytes(), lambda place: int(np.flatnonzero(kept)[place]))


def _is_wrapped(content: bytes) -> bool:
    """Whether a line is as long as those of wrapped Base64, and looks like one."""
    ends = np.flatnonzero(np.frombuffer(content, np.uint8) == 0x0A)
    widths = np.diff(ends) - 1
    likely = ends[:-1][np.isin(widths, [*_USUAL_WIDTHS, *(width + 1 for width in _USUAL_WIDTHS)])]
    starts = [0, *likely[:1000].tolist()]  # the first line has no end before it
    return any(_WRAPPED.match(content, start + 1 if start else 0) for start in starts)


def _replaced(
    name: str, content: bytes, pattern: re.Pattern[bytes], by: Callable[[bytes], bytes]
) -> TextView:
    parts: list[bytes] = []
    ends, shifts, behind, lost = [0], [0], 0, 0
    for found in pattern.finditer(content):
        text = by(found[0])
        parts += (content[behind : found.start()], text)
        behind = found.end()
        lost += len(found[0]) - len(text)
        ends.append(behind - lost)
        shifts.append(lost)
    parts.append(content[behind:])
    return TextView(name, b"".join(parts), lambda place: place + shifts[bisect_right(ends, place) - 1])


def _plain(found: bytes) -> bytes:
    """What an escape stands for, in UTF-8; itself where it stands for nothing."""
    if found[:1] == b"%":
        return bytes.fromhex(found[-2:].decode())
    if found == b"\\/":
        return b"/"
    if found[:1] == b"&":
        return html.unescape(found.decode()).encode("utf-8", "replace")
    if found[:1] == b"\\":
        return (
            chr(int(found[2:], 16)).encode("utf-8", "replace")
            if found[1:2] == b"u"
            else bytes.fromhex(found[2:].decode())
        )
    return unicodedata.normalize("NFKC", found.decode("utf-8", "replace")).encode()
