"""Recognising tokens without keeping them: the listener's index holds only keyed tags.

A tag is BLAKE2b-128 under the ``lookup`` key. Whoever steals the tags *and* the key can test a string that they
already have; they cannot list the bait.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

TAG_BYTES = 16


def tagger(key: bytes) -> Callable[[bytes], bytes]:
    """The keyed tag of a byte string: what the index holds in place of a token."""
    blank = hashlib.blake2b(key=key, digest_size=TAG_BYTES)

    def tag(value: bytes) -> bytes:
        state = blank.copy()
        state.update(value)
        return state.digest()

    return tag


def normal(value: str, *, folds: bool) -> bytes:
    """The bytes whose tag is indexed: as written, or in lower case where case does not matter."""
    return (value.lower() if folds else value).encode()
