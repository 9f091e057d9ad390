"""The records of the canaries, byte for byte: their SHA-256 stand in the *minted* entries.

They hold the bait in clear, so that a reader can compare it with what the intruder used.
"""

from __future__ import annotations

from collections.abc import Iterator

from listener.dossier.case import Case
from listener.dossier.formats import Content, Format


class BaitRecords(Format):
    """``bait/ID.json``, one a canary."""

    name = "bait"

    def files(self, case: Case) -> Iterator[tuple[str, Content]]:
        for bait in case.baits:
            yield f"bait/{bait.id}.json", (bait.line,)
