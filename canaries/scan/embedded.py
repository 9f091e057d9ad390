"""Where in a file that is no container something packed begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from canaries.scan.containers._inflated import begins_zlib
from canaries.scan.presence import Presence

_STREAMS = (
    b"\x1f\x8b\x08",
    b"\xfd7zXZ",
    b"BZh",
    b"\x28\xb5\x2f\xfd",
    b"PK\x03\x04",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x04\x22\x4d\x18",
)
_ZLIB = (b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
"""zlib streams of a 32 KB window, of any level."""
_ZIP = re.compile(rb"PK\x03\x04[\x0a-\x3f]\0..[\0\x08\x09\x0c\x0e\x5d\x5f\x62\x63]\0", re.DOTALL)
_GZIP = re.compile(rb"\x1f\x8b\x08[\0-\x1f].{5}[\0-\x0d\xff]", re.DOTALL)
_LZ4 = re.compile(rb"\x04\x22\x4d\x18[\x40-\x7f][\x40\x50\x60\x70]", re.DOTALL)
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")
_HEAD, _ZLIB_HEAD = 64, 640
"""Bytes by which a stream is known: the codes of a deflate block (RFC 1951, section 3.2.7), before which nothing comes
out, take up to 600."""
_VALUE = re.compile(rb"(?:[^'\"\\\0\n\r\x1a]|\\.)*+'", re.DOTALL)
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_ESCAPED = {b"0": b"\0", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"Z": b"\x1a"}


def places(content: bytes, start: int, present: Presence) -> list[int]:
    """Where in ``content``, from ``start`` on, a packed stream may begin; in order."""
    text = content.isascii()
    magics = [magic for magic in _STREAMS if not text or magic.isascii()]
    found = [place for magic in magics for place in _all(present, magic, start) if _likely(content, place)]
    for magic in () if text else _ZLIB:  # no zlib stream is text throughout
        found += [place for place in _all(present, magic, start) if _is_zlib(content, place)]
    return sorted(found)


def certain(content: bytes, place: int) -> bool:
    """Whether the beginning says so much that nothing else begins like this."""
    head = content[place : place + _HEAD]
    return bool(_ZIP.match(head) or _BZIP2.match(head)) or head.startswith((b"\xfd7z", b"7z\xbc", b"Rar!"))


def unquoted(content: bytes, place: int) -> bytes:
    """What stands at ``place``, if it is in a string as mysqldump writes one without ``--hex-blob``: a backslash before
    all that such a string cannot have. Empty where it is none, or has no escape."""
    value = _VALUE.match(content, place)
    if value is None or b"\\" not in value[0]:
        return b""
    return _unescaped(value[0][:-1])


def _unescaped(value: bytes) -> bytes:
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), value)


def _likely(content: bytes, place: int) -> bool:
    head = content[place : place + _HEAD]
    heads = (head, _unescaped(head)) if b"\\" in head else (head,)
    return any(
        bool(certain(one, 0) or _GZIP.match(one) or _LZ4.match(one) or one.startswith(b"\x28\xb5\x2f\xfd"))
        for one in heads
    )


def _is_zlib(content: bytes, place: int) -> bool:
    head = content[place : place + _ZLIB_HEAD]
    return begins_zlib(head) or (b"\\" in head and begins_zlib(_unescaped(head)))


def _all(present: Presence, magic: bytes, start: int) -> Iterator[int]:
    places = present.places(magic)
    yield from places[np.searchsorted(places, start) :].tolist()
