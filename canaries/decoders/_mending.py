"""Taking away what stands within words: of a short text all is given without it, of a long one what is around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from canaries.decoders._printable import readable

_SHORT = 4096
AROUND = 2048
"""Bytes to either side: as much as the longest token has."""


def mended(
    data: bytes, pattern: re.Pattern[bytes], by: bytes | Callable[[re.Match[bytes]], bytes] = b""
) -> bytes:
    """``data`` with ``by`` in place of what ``pattern`` finds; empty where that changes nothing."""
    if len(data) <= _SHORT:
        changed = pattern.sub(by, data)
        return changed if changed != data else b""
    return b"\n".join(pattern.sub(by, data[start:end]) for start, end in windows(data, pattern, by))


def legible(data: bytes) -> bytes:
    """Of what came out mended: all where it is short or text, else what in it is text.

    Noise has every mark, and would come out as noise, to be looked through once more.
    """
    if len(data) <= _SHORT:
        return data
    try:
        data.decode()
    except UnicodeDecodeError:
        return readable(data)
    return data


def windows(
    data: bytes, pattern: re.Pattern[bytes], by: bytes | Callable[[re.Match[bytes]], bytes]
) -> Iterator[tuple[int, int]]:
    """What is around the places that change, where it overlaps put together."""
    start = end = -1
    for match in pattern.finditer(data):
        if match[0] == (by if isinstance(by, bytes) else by(match)):
            continue
        if end < 0 or match.start() - AROUND > end:
            if end >= 0:
                yield start, end
            start = max(0, match.start() - AROUND)
        end = match.end() + AROUND
    if end >= 0:
        yield start, end
