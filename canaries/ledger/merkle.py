"""The Merkle tree of RFC 9162, section 2.1: hashes, roots, proofs and their verification.

Strategy: all hashes of full subtrees are kept by level (`Tree`), so appending is amortised O(1) and roots and proofs
are O(log n) look-ups. The odd node is *not* duplicated; the tests compare with the eight published reference roots.
Verification raises, it never returns a boolean to forget.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

EMPTY = hashlib.sha256(b"").digest()
_HASH = 32
_BLOCK = 5
"""Leaves whose paths share all but their lowest steps: two to the power of this."""


class ProofError(ValueError):
    """A proof does not lead where it claims."""


def leaf_hash(entry: bytes) -> bytes:
    """RFC 9162, 2.1.1: SHA-256(0x00 || entry)."""
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 9162, 2.1.1: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """An append-only tree over leaf hashes."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash (32 bytes)."""
        level, value = 0, leaf
        while True:
            if level == len(self._levels):
                self._levels.append([])
            row = self._levels[level]
            row.append(value)
            if len(row) % 2:
                return
            value = node_hash(row[-2], row[-1])
            level += 1

    def root(self, size: int | None = None) -> bytes:
        """MTH over the first ``size`` leaves (default: all)."""
        size = len(self) if size is None else size
        if not 0 <= size <= len(self):
            raise ValueError(f"no tree of size {size} here")
        return self._subtree(0, size) if size else EMPTY

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """PATH(index, D[size]), RFC 9162, 2.1.3.1."""
        size = len(self) if size is None else size
        if not 0 <= index < size <= len(self):
            raise ValueError(f"no leaf {index} in a tree of size {size}")
        low, high, path = 0, size, []
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._subtree(middle, high))
                high = middle
            else:
                path.append(self._subtree(low, middle))
                low = middle
        return path[::-1]

    def consistency(self, first: int, size: int | None = None) -> list[bytes]:
        """PROOF(first, D[size]), RFC 9162, 2.1.4.1."""
        size = len(self) if size is None else size
        if not 0 < first <= size <= len(self):
            raise ValueError(f"no proof from size {first} to {size}")
        return self._subproof(0, size, first, whole=True)

    def _subproof(self, low: int, high: int, first: int, *, whole: bool) -> list[bytes]:
        if first == high - low:
            return [] if whole else [self._subtree(low, high)]
        split = _split(high - low)
        if first <= split:
            return [*self._subproof(low, low + split, first, whole=whole), self._subtree(low + split, high)]
        return [
            *self._subproof(low + split, high, first - split, whole=False),
            self._subtree(low, low + split),
        ]

    def _subtree(self, low: int, high: int) -> bytes:
        width = high - low
        if width & (width - 1) == 0 and low % width == 0:
            return self._levels[width.bit_length() - 1][low // width]
        middle = low + _split(width)
        return node_hash(self._subtree(low, middle), self._subtree(middle, high))


class InclusionPaths:
    """The inclusion paths of many leaves under one size; each node is hashed once, and neighbours share their steps."""

    def __init__(self, leaves: bytes) -> None:
        """``leaves``: the leaf hashes (32 bytes each), one behind the other."""
        self._levels: list[str] = []
        self._shared: tuple[int, list[str]] = -1, []
        sha256 = hashlib.sha256
        while len(leaves) > _HASH:
            self._levels.append(leaves.hex())
            full = len(leaves) // (2 * _HASH) * 2 * _HASH  # an odd one goes up as it is
            pairs = (leaves[at : at + 2 * _HASH] for at in range(0, full, 2 * _HASH))
            leaves = b"".join([sha256(b"\1" + pair).digest() for pair in pairs]) + leaves[full:]

    def path(self, index: int) -> list[str]:
        """PATH(index, D[n]), RFC 9162, 2.1.3.1, in hexadecimal."""
        block, shared = self._shared
        if index >> _BLOCK != block:
            shared = self._steps(index, _BLOCK, len(self._levels))
            self._shared = index >> _BLOCK, shared
        return self._steps(index, 0, _BLOCK) + shared

    def _steps(self, index: int, lowest: int, highest: int) -> list[str]:
        found = []
        for level in range(lowest, min(highest, len(self._levels))):
            at = 2 * _HASH * ((index >> level) ^ 1)
            found += [self._levels[level][at : at + 2 * _HASH]] if at < len(self._levels[level]) else []
        return found


class Frontier:
    """The right edge of a growing tree: enough for its root, in memory O(log n). What a sealer and a checker keep."""

    def __init__(self) -> None:
        self._size = 0
        self._edge: list[bytes] = []

    def __len__(self) -> int:
        return self._size

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash (32 bytes)."""
        size, value = self._size, leaf
        while size & 1:  # as many full subtrees close as the old size ends in one-bits
            value = node_hash(self._edge.pop(), value)
            size >>= 1
        self._edge.append(value)
        self._size += 1

    def root(self) -> bytes:
        """MTH over all leaves so far."""
        if not self._edge:
            return EMPTY
        value = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            value = node_hash(left, value)
        return value


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """RFC 9162, 2.1.3.2. Raises ProofError."""
    if not 0 <= index < size:
        raise ProofError(f"index {index} is outside a tree of size {size}")
    fn, sn, value = index, size - 1, leaf
    for step in path:
        if sn == 0:
            raise ProofError("the inclusion proof is too long")
        if fn & 1 or fn == sn:
            value = node_hash(step, value)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            value = node_hash(value, step)
        fn, sn = fn >> 1, sn >> 1
    if sn or value != root:
        raise ProofError("the inclusion proof does not lead to the root")


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]
) -> None:
    """RFC 9162, 2.1.4.2. Raises ProofError."""
    if not 0 < first <= second:
        raise ProofError(f"sizes {first} and {second} cannot be compared")
    if first == second:
        if path or first_root != second_root:
            raise ProofError("two trees of one size differ")
        return
    steps = list(path)
    if first & (first - 1) == 0:
        steps.insert(0, first_root)
    if not steps:
        raise ProofError("the consistency proof is empty")
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if sn == 0:
            raise ProofError("the consistency proof is too long")
        if fn & 1 or fn == sn:
            old, new = node_hash(step, old), node_hash(step, new)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = node_hash(new, step)
        fn, sn = fn >> 1, sn >> 1
    if sn or old != first_root or new != second_root:
        raise ProofError("the consistency proof does not lead to the roots")
