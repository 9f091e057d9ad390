"""Strings that may be tokens, out of what a conversation noted and out of raw bytes: for every trap but HTTP.

Most informative first: the decoded values whole, then their words, then the words of the raw bytes as a safety net.
Each as written and in lower case (host names and addresses fold, and a folded key is no other key's).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from listener.evidence.sighting import Sighting

_MOST = 10_000
_LONGEST = 2048
_SHAPES = (
    re.compile(rb"[A-Za-z0-9_-]{8,2048}"),
    re.compile(rb"[A-Za-z0-9_.@-]{8,2048}"),
    re.compile(rb"[A-Za-z0-9_.@+/=!*:~%-]{8,2048}"),
)
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,2048}={0,2}")


def candidates(sighting: Sighting) -> list[bytes]:
    """Every string of a sighting that may be a token, each once, bounded."""
    found: dict[bytes, None] = {}
    for value in _all(sighting):
        if 0 < len(value) <= _LONGEST:
            found.setdefault(value)
            found.setdefault(value.lower())
        if len(found) >= _MOST:
            break
    return list(found)


def _all(sighting: Sighting) -> Iterator[bytes]:
    shown = list(strings(sighting.notes))
    yield from shown
    for value in shown:
        yield from words(value)
    if sighting.tls:
        yield str(sighting.tls.get("sni", "")).encode("utf-8", "surrogateescape")
    yield from words(sighting.raw)
    for match in _BASE64.finditer(sighting.raw):
        yield from _decoded(match[0])


def strings(value: Any, depth: int = 6) -> Iterator[bytes]:
    """Every text in nested notes, as bytes."""
    if isinstance(value, str):
        yield value.encode("utf-8", "surrogateescape")
    elif isinstance(value, bytes):
        yield value
    elif depth and isinstance(value, dict):
        for item in value.values():
            yield from strings(item, depth - 1)
    elif depth and isinstance(value, list | tuple):
        for item in value:
            yield from strings(item, depth - 1)


def words(raw: bytes) -> Iterator[bytes]:
    """Token-like words; of host names and addresses also what follows each dot and each at sign."""
    for shape in _SHAPES:
        for match in shape.finditer(raw):
            yield match[0]
            if b"." in match[0] and shape is _SHAPES[1]:
                yield from _suffixes(match[0].rpartition(b"@")[2].strip(b"."))


def _suffixes(name: bytes) -> Iterator[bytes]:
    """``a.b.c`` also as ``b.c``: a bucket or service in front of our host name."""
    yield name
    for _ in range(8):
        _, dot, name = name.partition(b".")
        if not dot or b"." not in name:
            return
        yield name


def _decoded(word: bytes) -> Iterator[bytes]:
    padded = word.translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    try:
        plain = base64.b64decode(padded + b"=" * (-len(padded) % 4))
    except binascii.Error:
        return
    for part in (plain, *re.split(rb"[\0:]", plain)):
        if len(part) >= 8:
            yield part
