"""Where a magic stands: each place is tried, as the first may be a decoy or chance, and the trying is bounded."""

from __future__ import annotations

from collections.abc import Iterator

from canaries.decoders import Found

_MOST = 1_000
"""Places of one magic in one layer."""
_ATTEMPT = 4_000
"""Work of one attempt, beside what it is fed."""


def places(data: bytes, magic: bytes, found: Found) -> Iterator[int]:
    """Where ``magic`` stands, while there is room and work left to try it there."""
    at = data.find(magic)
    for _ in range(_MOST):
        if at < 0 or not found.room or not found.spend(_ATTEMPT):
            return
        yield at
        at = data.find(magic, at + 1)
    if at >= 0:
        found.note("work")
