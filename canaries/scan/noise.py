"""Bytes that look like chance: they are encrypted, or packed in a way that is not known.

Photographs, sound, films and fonts look the same, and are known by their beginnings: they are not named. What begins
in plain may be encrypted behind that, as a database's files are a page at a time, so all of a file is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

SHORTEST = 1024
"""Bytes from which on chance can be told from the rest."""
_LONGEST = 64 << 10
BLOCK = 4096
"""Bytes that are told to be chance or not, together: the smallest page that a database encrypts."""
_AT_ONCE = 64
_PART = 4
_MARKED = 6
_STUFFED = re.compile(rb"\xff[\0\xd0-\xd7]")
_MEDIA = re.compile(
    rb"\xff\xd8\xff|\x89PNG|GIF8|RIFF....(?:WEBP|WAVE|AVI )|....ftyp|OggS|fLaC|ID3"
    rb"|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]|wOF[F2]|\x1a\x45\xdf\xa3|\0\0\0\x0c(?:JXL |jP)|\xff\x0a|\0\0\x01\0"
    rb"|II\*\0|MM\0\*|BM|FWS|FLV|\x30\x26\xb2\x75|8BPS|\0\x01\0\0|OTTO|\.snd|FORM....AIF[FC]",
    re.DOTALL,
)


def is_media(content: bytes) -> bool:
    """Whether ``content`` begins as photographs, sound, films and fonts do."""
    return _MEDIA.match(content) is not None


def noise(content: bytes) -> bool:
    """Whether ``content``, the beginning of a file, has its bytes as evenly spread as what is encrypted."""
    sample = content[:_LONGEST]
    if len(sample) < SHORTEST or is_media(sample):
        return False
    return bool(_even(np.frombuffer(sample, np.uint8).reshape(1, -1))[0])


class NoiseShare:
    """How much of one file looks like chance, its blocks told in order."""

    def __init__(self) -> None:
        self.filled = 0
        """Blocks that are not empty."""
        self.noisy = 0
        """Those that look like chance, and are neither explained nor pictures."""
        self._behind = 0
        self._explained = 0

    def add(self, content: bytes, told: int = 0, explained: Sequence[tuple[int, int]] = ()) -> None:
        """The next bytes; all but the last a multiple of `BLOCK`. ``told``: bytes at their beginning that were told
        before. ``explained``: from where to where in the file something was unpacked, as far as is known by now; in
        order."""
        size = len(content) - told
        start, self._behind = self._behind, self._behind + size
        if content.isascii() and (0 not in content or b"\0\0" not in content):
            self.filled += -(-size // BLOCK)
            return
        codes = np.frombuffer(content, np.uint8, size, told)
        blocks = codes[: len(codes) // BLOCK * BLOCK].reshape(-1, BLOCK)
        high = np.count_nonzero(blocks & 0x80, axis=1)  # of chance a half
        self.filled += int(np.count_nonzero(blocks.any(axis=1))) + (len(codes) % BLOCK > 0)
        likely = np.flatnonzero((high > 0.4 * BLOCK) & (high < 0.6 * BLOCK))
        places = start + likely * BLOCK
        unexplained = places >= self._explained
        for first, behind in explained:
            unexplained &= (places + BLOCK <= first) | (places >= behind)
            self._explained = max(self._explained, behind)
        likely = likely[unexplained]
        for some in np.array_split(likely, -(-len(likely) // _AT_ONCE) or 1):
            noisy = blocks[some][_even(blocks[some])]
            self.noisy += sum(not _is_scan(block.tobytes()) for block in noisy)

    @property
    def large(self) -> bool:
        """Whether it is so much that the file cannot be taken for read: programs have a table that looks like it."""
        return self.noisy * _PART >= self.filled > 0


def _even(samples: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """In which rows every byte occurs about as often as any other."""
    count, size = samples.shape
    numbered = samples + np.arange(count, dtype=np.int64)[:, None] * 256
    counts = np.bincount(numbered.ravel(), minlength=count * 256).reshape(count, 256)
    expected = size / 256
    # chance gives 255, give or take 23; text a hundred times that
    distance = ((counts - expected) ** 2).sum(axis=1) / expected
    even: npt.NDArray[np.bool_] = distance < 400 + size * 0.2
    return even


def _is_scan(block: bytes) -> bool:
    """Whether it is a photograph's: JPEG puts a zero, or a restart's number, behind each byte 255 (T.81, B.1.1.5)."""
    marked = block.count(b"\xff", 0, -1)
    return marked >= _MARKED and len(_STUFFED.findall(block)) == marked
