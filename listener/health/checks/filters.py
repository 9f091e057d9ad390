"""Filters of sensors: each knows what was minted, or is written anew in a moment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from canaries.core.text import counted, visible
from listener.health.checks import Check, View
from listener.health.state import PartState, note, well
from listener.sensors import filter_keeping


class FiltersCheck(Check):
    name = "filters of sensors"
    order = 60

    def look(self, view: View) -> Iterator[PartState]:
        found = filter_keeping.kept(view.home)
        behind = 0
        for one in found:
            lacking, path = filter_keeping.lacking(view.home, one), visible(one.path)
            if not lacking:
                continue
            behind += 1
            gone = "is not there any more, and " if not Path(one.path).exists() else ""
            yield note(
                f"filter {path}",
                f"{gone}lacks {counted(lacking, 'canary', 'canaries')} minted since it was made",
                f"a listener with the vault's key writes it; else: trapline sensors filter --out {path} [--forget]",
            )
        if found and not behind:
            yield well(self.name, f"{counted(len(found), 'filter')}, up to date")
