"""Unpacking compressed data of any program: bounded in memory, what came before an error is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from canaries.decoders import Found

_FIRST, _NEXT = 256, 16_384
"""Bytes fed at a time: an error loses what its own piece would have given. Noise shows in the first."""
_ATTEMPT = 4000
"""Work of one attempt: a decompressor is made for it. What it is fed is work as well."""
_TRIAL = 500
"""Work of one trial, beside what it is fed."""
_SOUND, _SOUND_GIVES = 256 + 16_384, 1 << 16
"""Bytes of a stream in which the place of an error is looked for, and what is kept of what came before it."""
_SILENT = 1 << 20
"""Bytes that a program may take in before it gives any: a block of bzip2 has 900,000."""


def unpacked(
    new: Callable[[], Any],
    data: bytes,
    start: int,
    found: Found,
    broken: tuple[type[Exception], ...],
    most: int = 10_000,
) -> tuple[bytes, int, bool]:
    """What the stream at ``start`` holds, as far as it goes, where it ends, and whether it does: with its like that
    follow at once, up to ``most`` of them.

    ``new`` makes a decompressor with the interface of `bz2.BZ2Decompressor`. The end is that of the last whole stream:
    within one that is cut short or damaged, perhaps a decoy, another may begin. None is whole: the end is ``start``.
    """
    pieces: list[bytes] = []
    room, at, sound, complete = found.room, start, start, False
    for _ in range(most):
        if not found.spend(_ATTEMPT):
            break
        given, end, whole = _member(new, data, at, room, broken, found)
        complete |= whole
        at = end
        if whole:
            sound = end
        if given:
            pieces.append(given)
            room -= len(given)
        if not whole or room <= 0 or at >= len(data):
            break
    if room <= 0:
        found.note("bytes")
    return b"".join(pieces), sound, complete


def _member(
    new: Callable[[], Any],
    data: bytes,
    at: int,
    room: int,
    broken: tuple[type[Exception], ...],
    found: Found,
) -> tuple[bytes, int, bool]:
    """What one member gives, at most ``room`` bytes; where it ended; whether it did."""
    pieces: list[bytes] = []
    program, start = new(), at
    silent = at + getattr(program, "silent", _SILENT)
    step = _FIRST
    try:
        while room > 0 and not program.eof:
            if program.needs_input:
                if at >= len(data) or (at >= silent and not any(pieces)) or not found.spend(step):
                    break
                piece = data[at : at + step]
                at, step = at + len(piece), _NEXT
            else:
                piece = b""
            given = program.decompress(piece, room)
            pieces.append(given)
            room -= len(given)
    except broken:
        if at - start <= _SOUND:
            pieces = [max(b"".join(pieces), _before_error(new, data[start:at], room, broken, found), key=len)]
        return b"".join(pieces), at, False
    if program.eof:
        at -= len(program.unused_data)
    return b"".join(pieces), at, program.eof


def _before_error(
    new: Callable[[], Any], data: bytes, room: int, broken: tuple[type[Exception], ...], found: Found
) -> bytes:
    """What the longest beginning of ``data`` gives that raises nothing: a stream that is cut short, and other bytes
    behind it."""
    sound, wrong, best = 0, len(data), b""
    while sound + 1 < wrong and found.spend(_TRIAL + (sound + wrong) // 2):
        middle = (sound + wrong) // 2
        try:
            best, sound = new().decompress(data[:middle], min(room, _SOUND_GIVES)), middle
        except broken:
            wrong = middle
    return best


class Inflater:
    """`zlib.decompressobj` with the interface of the others."""

    silent = 1 << 17
    """A header with its name and comment, and more than the tables of a block: what takes in more gives nothing."""

    def __init__(self, window: int) -> None:
        """``window`` as zlib numbers them: 31 gzip, 15 zlib, -15 bare deflate."""
        import zlib

        self._program = zlib.decompressobj(window)

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""
        return self._program.eof

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes without more input."""
        return not self._program.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        """What followed the stream's end in the last input."""
        return self._program.unused_data

    def decompress(self, data: bytes, most: int) -> bytes:
        """At most ``most`` bytes more. Raises zlib.error."""
        return self._program.decompress(self._program.unconsumed_tail + data, most)
