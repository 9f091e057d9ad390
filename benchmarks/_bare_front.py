"""The front as it is, but with a journal that keeps nothing: what answering alone costs. For measuring only.

``python -m benchmarks._bare_front`` takes the place of ``python -m listener.runtime.front``.
"""

from __future__ import annotations

from pathlib import Path

from listener.evidence.sighting import Sighting
from listener.runtime import front


class Forgetful:
    """Stands in for `listener.journal.journal.Journal`."""

    def __init__(self, folder: Path, public_key: bytes, *, segment_bytes: int, limit_bytes: int) -> None:
        pass

    async def append(self, sighting: Sighting) -> None:
        """Return at once."""

    async def close(self) -> None:
        """Nothing to write."""


if __name__ == "__main__":
    front.Journal = Forgetful  # type: ignore[assignment, attr-defined]
    front.main()
