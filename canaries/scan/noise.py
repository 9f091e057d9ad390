"""Files whose bytes look like chance: they are encrypted, or packed in a way that is not known.

Photographs, sound, films and fonts look the same, and are known by their beginnings: they are not named.
"""

from __future__ import annotations

import re

import numpy as np

SHORTEST = 1024
"""Bytes from which on chance can be told from the rest."""
_LONGEST = 64 << 10
_MEDIA = re.compile(
    rb"\xff\xd8\xff|\x89PNG|GIF8|RIFF....(?:WEBP|WAVE|AVI )|....ftyp|OggS|fLaC|ID3"
    rb"|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]|wOF[F2]|\x1a\x45\xdf\xa3|\0\0\0\x0c(?:JXL |jP)|\xff\x0a|\0\0\x01\0"
    rb"|II\*\0|MM\0\*|BM|FWS|FLV|\x30\x26\xb2\x75|8BPS|\0\x01\0\0|OTTO",
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
    counts = np.bincount(np.frombuffer(sample, np.uint8), minlength=256)
    even = len(sample) / 256
    distance = float(
        ((counts - even) ** 2).sum() / even
    )  # chance gives 255, give or take 23; text a hundred times that
    return distance < 400 + len(sample) * 0.2
