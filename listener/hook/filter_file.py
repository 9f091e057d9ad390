"""The filter: which strings are bait, as salted hashes, in one file; forked processes share it in memory.

    {"filter": 1, "salt": "<128 hexadecimal digits>", "tags": N, "weak": false}     padded with spaces to 4096 bytes
    bits (a power of two bytes): bit TAG mod 8 * SIZE is set for each tag           what is not bait mostly ends here
    N tags, sorted, 8 bytes each, little endian: the first 8 of SHA-256(salt, string)

No bait is in it. Whoever steals it can test strings that they guess, with one SHA-256 each; what cannot be guessed
stays unknown. A string that is not bait passes for one once in 2^64 / N.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from pathlib import Path

HEAD_BYTES = 4096
SALT_BYTES = 64
"""One block of SHA-256, so that it is hashed with the string in two."""
_BITS_A_TAG = 16
_LEAST_BYTES = 1024


_first = struct.Struct("<Q24x").unpack
"""The first 8 bytes of a SHA-256."""


class FilterError(Exception):
    """The file is no filter, or is damaged."""


class Filter:
    """An open filter file."""

    def __init__(self, path: Path) -> None:
        """Raises FilterError, OSError."""
        content = (
            path.read_bytes()
        )  # a mapping would end the process where somebody copies over the file (SIGBUS)
        try:
            head = json.loads(content[:HEAD_BYTES])
            salt, count = bytes.fromhex(head["salt"]), int(head["tags"])
            version, self.weak = head["filter"], bool(head.get("weak"))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise FilterError(f"{path} is no filter") from None
        size = bits_size(count)
        if version != 1 or len(content) != HEAD_BYTES + size + 8 * count or sys.byteorder != "little":
            raise FilterError(f"{path} is of another version or damaged: make it again")
        view = memoryview(content)
        self._bits, self._mask = view[HEAD_BYTES : HEAD_BYTES + size], 8 * size - 1
        self._tags = view[HEAD_BYTES + size :].cast("Q")
        self._copy = hashlib.sha256(salt).copy
        """``weak``: whether user names and telephone numbers are in it."""

    def __len__(self) -> int:
        return len(self._tags)

    def __contains__(self, value: bytes) -> bool:
        state = self._copy()
        state.update(value)
        (tag,) = _first(state.digest())
        place = tag & self._mask
        if not self._bits[place >> 3] >> (place & 7) & 1:
            return False
        tags = self._tags
        index = bisect_left(tags, tag)
        return index < len(tags) and tags[index] == tag


def bits_size(count: int) -> int:
    """Bytes of the bits before ``count`` tags: a power of two."""
    size = _LEAST_BYTES
    while size * 8 < count * _BITS_A_TAG:
        size *= 2
    return size


def filter_bytes(values: Iterable[bytes], *, weak: bool = False, salt: bytes = b"") -> bytes:
    """A filter file that holds these strings. ``salt``: 64 random bytes, drawn where it is not given."""
    salt = salt or secrets.token_bytes(SALT_BYTES)
    salted, found = hashlib.sha256(salt), set()
    for value in values:
        state = salted.copy()
        state.update(value)
        found.add(int.from_bytes(state.digest()[:8], "little"))
    tags = array("Q", sorted(found))
    bits = bytearray(bits_size(len(tags)))
    mask = 8 * len(bits) - 1
    for tag in tags:
        bits[(tag & mask) >> 3] |= 1 << (tag & mask & 7)
    if sys.byteorder != "little":
        tags.byteswap()
    head = json.dumps({"filter": 1, "salt": salt.hex(), "tags": len(tags), "weak": weak}).encode()
    return head.ljust(HEAD_BYTES) + bytes(bits) + tags.tobytes()
