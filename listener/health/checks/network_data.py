"""The files of network data: each opens and answers, none is old without a word."""

from __future__ import annotations

from collections.abc import Iterator

from listener.health.checks import Check, View
from listener.health.state import PartState, failing, note, well
from listener.network_data import datasets


class NetworkDataCheck(Check):
    name = "network data"
    order = 70

    def look(self, view: View) -> Iterator[PartState]:
        found = datasets.load(view.home.path)
        unpacked = {item.name: item.path for item in datasets.shipped(view.home.path)}
        for name, sentence in found.refused:
            by_hand = (view.home.path / "data" / name).is_file()
            hint = f"add it again, or run: trapline data remove {name}"
            if name in unpacked and not by_hand:
                hint = f"delete {unpacked[name]}: it is unpacked anew"
            yield failing(self.name, sentence, hint)
        aged = datasets.old([item.known for item in found.sets], view.now.date())
        for sentence in aged:
            yield note(
                self.name, sentence, "add newer files: trapline data add FILE, or trapline data update"
            )
        if not aged and not found.refused:
            yield well(self.name, ", ".join(f"{item.known.name} of {item.known.date}" for item in found.sets))
