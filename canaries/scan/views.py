"""The same bytes with what programs put between them taken away: one pass of the search for each way that occurs.

    wide        the zero bytes of UTF-16 and of fixed-width fields
    unwrapped   the line ends within Base64 of mail and keys
    soft        the soft line breaks and escapes of quoted-printable
    escaped     percent encoding, once and several times over, character references, backslashes of JSON, C, CSS and
                RTF, full-width letters, letters that nobody sees
    folded      the line breaks within the lines of vCards, LDIF and mail, also where it is quoted
    untagged    the tags of XML and HTML: office programs part words by them
    kerned      the numbers between the letters of a PDF's lines

A view knows where each of its bytes stands in the original.
"""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from canaries.core.lazily import lazily
from canaries.scan.bit_sets import before, numbers
from canaries.scan.presence import Presence

Places = npt.NDArray[np.int64]

_WRAPPED = re.compile(rb"[A-Za-z0-9+/]{60,76}\r?\n[A-Za-z0-9+/]")
_USUAL_WIDTHS = frozenset({60, 64, 70, 72, 76})
_SOFT = re.compile(rb"(=(?:\r?\n|[0-9A-F]{2}))")
_LIKE_QUOTED = 4
"""Escapes in a row from which on it is quoted-printable, though no line was broken softly."""
_ESCAPES = {
    b"%": rb"%(?:25)*[0-9A-Fa-f]{2}",
    b"&": rb"&(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[a-zA-Z]{2,8};)",
    b"\\": rb"\\u\d{1,5} ?\?|\\+(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|/|[0-3][0-7]{2}|'[0-9a-f]{2}|[0-9a-fA-F]{2} )",
    b"\xef": rb"\xef(?:[\xbc\xbd][\x80-\xbf]|\xbb\xbf)",
    b"\xc2": rb"\xc2\xad",
    b"\xe2": rb"\xe2(?:\x80[\x8b-\x8f\xaa-\xae]|\x81[\xa0-\xa4])",
}
"""By their first byte."""
_ESCAPE = re.compile(b"(" + b"|".join(_ESCAPES.values()) + b")")
_UNSEEN = frozenset({b"\xef\xbb\xbf", b"\xc2\xad"})
_FOLDS = re.compile(rb"(?<=[^\n]{50})(\r?\n(?:[ \t]|(?:> ?)+))")
_TAGS = re.compile(rb"(<(?:!\[CDATA\[|[A-Za-z/!?][^<>]{0,500}>)|\]\]>)")
_KERNING = re.compile(rb"(\)\s{0,3}-?[\d.]{1,8}\s{0,3}\()")
_DENSE = 16
"""Bytes, on average, from one place to the next, from which on it is faster to try them one by one."""

_JOINTS = (
    ("folded", (b"\n ", b"\n\t", b"\n>"), b"\r\n", _FOLDS),
    ("untagged", (b"</", b"/>", b"<wbr", b"<br"), b"<]", _TAGS),
    ("kerned", (b"]TJ", b"] TJ", b"]\nTJ", b"]\r\nTJ"), b")", _KERNING),
)
"""View, byte strings one of which stands in what it is for, what is taken away: its first byte, and all of it."""


@dataclass(frozen=True, slots=True)
class TextView:
    """Bytes to search."""

    name: str
    """One of the above; empty for the bytes themselves."""
    content: bytes
    places: Callable[[Places], Places]
    """Where in the original the bytes with these numbers stand."""

    def place(self, number: int) -> int:
        """The same for one."""
        return int(self.places(np.array([number]))[0])


def views(content: bytes, present: Presence) -> Iterator[TextView]:
    """``content`` itself, in which that is ``present``, and every view of it that differs."""
    yield TextView("", content, lambda places: places)
    if present.holds(b"\0"):
        yield _without("wide", content, np.frombuffer(content, np.uint8) != 0)
    if _is_wrapped(content, present):
        codes = np.frombuffer(content, np.uint8)
        yield _without("unwrapped", content, (codes != 0x0A) & (codes != 0x0D))
    replaced = _Replacing(content, present)
    if _is_quoted(present):
        yield from replaced("soft", _SOFT, b"=", lambda found: bytes.fromhex(found[1:].strip().decode()))
    yield from replaced("escaped", _ESCAPE, b"".join(_ESCAPES), _plain)
    for name, marks, leads, pattern in _JOINTS:
        if any(map(present.holds, marks)):
            yield from replaced(name, pattern, leads, lambda found: b"")


def _is_quoted(present: Presence) -> bool:
    """Whether a line is broken as in quoted-printable, or several escapes follow each other."""
    if not present.holds(b"="):
        return False
    if present.holds(b"=\n") or present.holds(b"=\r\n"):
        return True
    marks = present.of(ord("="))
    two = marks & before(marks, 3)
    return bool((two & before(two, 3 * (_LIKE_QUOTED - 2))).any())


def _without(name: str, content: bytes, kept: npt.NDArray[np.bool_]) -> TextView:
    codes = np.frombuffer(content, np.uint8)[kept]
    stand = cache(lambda: np.flatnonzero(kept))
    return TextView(name, codes.tobytes(), lambda places: stand()[places])


def _is_wrapped(content: bytes, present: Presence) -> bool:
    """Whether a line is as long as those of wrapped Base64, and looks like one."""
    ends = numbers(present.of(0x0A))
    widths = np.diff(ends) - 1
    likely = ends[:-1][np.isin(widths, [*_USUAL_WIDTHS, *(width + 1 for width in _USUAL_WIDTHS)])]
    starts = [0, *likely[:1000].tolist()]  # the first line has no end before it
    return any(_WRAPPED.match(content, start + 1 if start else 0) for start in starts)


class _Replacing:
    """Puts something else in the place of whatever an expression finds."""

    def __init__(self, content: bytes, present: Presence) -> None:
        self._content, self._present = content, present

    def __call__(
        self, name: str, pattern: re.Pattern[bytes], leads: bytes, by: Callable[[bytes], bytes]
    ) -> Iterator[TextView]:
        """The view ``name``, or none where nothing is found. ``pattern`` is one group that begins with one of
        ``leads``; ``by`` is asked once about each text that it finds."""
        parts = self._split(pattern, leads)
        if len(parts) > 1:
            found = parts[1::2]
            known = {text: by(text) for text in set(found)}
            texts = [known[text] for text in found]
            parts[1::2] = texts
            yield TextView(name, b"".join(parts), _Shifts(found, texts, parts[::2]))

    def _split(self, pattern: re.Pattern[bytes], leads: bytes) -> list[bytes]:
        """As ``pattern.split``."""
        marks = [self._present.of(lead) for lead in leads if self._present.holds(bytes([lead]))]
        if not marks:
            return [self._content]
        places = numbers(functools.reduce(np.bitwise_or, marks))
        if len(places) * _DENSE > len(self._content):
            return pattern.split(self._content)
        content, parts, done = self._content, list[bytes](), 0
        for place in places.tolist():
            if place >= done and (match := pattern.match(content, place)):
                parts += (content[done:place], match[0])
                done = match.end()
        parts.append(content[done:])
        return parts


class _Shifts:
    """Where in the original the bytes of a view stand; worked out when somebody asks."""

    def __init__(self, found: list[bytes], texts: list[bytes], between: list[bytes]) -> None:
        """What was replaced, by what, and what stands before each and behind the last."""
        self._found, self._texts, self._between = found, texts, between

    def __call__(self, places: Places) -> Places:
        """Where the bytes with these numbers stand."""
        ends, shifts = self._worked_out
        shifted: Places = places + shifts[np.searchsorted(ends, places, "right") - 1]
        return shifted

    @lazily
    def _worked_out(self) -> tuple[Places, Places]:
        """(where in the view what was put in ends, how many bytes were lost before that); from 0 on."""
        found, texts, between = (
            np.fromiter(map(len, some), np.int64, len(some))
            for some in (self._found, self._texts, self._between)
        )
        ends = np.cumsum(between[:-1] + texts)
        return np.concatenate(([0], ends)), np.concatenate(([0], np.cumsum(found - texts)))


def _plain(found: bytes) -> bytes:
    """What an escape stands for, in UTF-8; itself where it stands for nothing."""
    if found in _UNSEEN or found[:1] == b"\xe2":
        return b""
    if found[:1] == b"%":
        return bytes.fromhex(found[-2:].decode())
    if found[:1] == b"&":
        return html.unescape(found.decode()).encode("utf-8", "replace")
    if found[:1] == b"\\":
        return _unescaped(found.lstrip(b"\\"))
    return unicodedata.normalize("NFKC", found.decode("utf-8", "replace")).encode()


def _unescaped(escape: bytes) -> bytes:
    """What stands behind the backslashes: ``u0040``, ``x40``, ``100``; ``u64?`` and ``'40`` of RTF, ``40 `` of CSS."""
    if escape == b"/":
        return escape
    if escape[:1] == b"u" and escape[-1:] == b"?":
        return chr(int(escape[1:-1]) & 0xFFFF).encode("utf-8", "replace")
    if escape[:1] == b"u":
        return chr(int(escape[1:], 16)).encode("utf-8", "replace")
    if len(escape) == 3 and escape.isdigit():
        return bytes([int(escape, 8)])
    return bytes.fromhex(escape.lstrip(b"x'").decode())
