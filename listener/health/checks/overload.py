"""Overload: what the front refused, dropped or cut in the last minutes, to whom it had to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from listener.health.checks import Check, View
from listener.health.state import PartState, failing, well

_MEANS = {
    "refused": "connections of a network or an address that had its share were closed",
    "evicted": "connections that had said least were ended, so that others got in",
    "dropped": "datagrams beyond the rates were not read",
    "unrecorded": "visitors got no answer, because it could not be recorded",
    "cut": "bodies of a network that had its share of the journal were cut",
    "late": "sightings were taken in more than five seconds after they came",
    "full": "the disk had no room, and its reserve was given back",
    "shed": "sightings of a network that had its share of the journal were refused",
}


_BLOCK = (
    "real hits are recorded first; see docs/limits.md, and block the source in a firewall where it goes on"
)
_SLOW = "nothing is lost; where it goes on, the machine is too busy, the database slow, or somebody floods the traps"


class OverloadCheck(Check):
    name = "overload"
    order = 3

    def look(self, view: View) -> Iterator[PartState]:
        if view.listener is None:
            return
        episodes: dict[str, Any] = {}
        for child in ("front", "back"):
            episodes |= (view.child(child).get("report") or {}).get("overload") or {}
        for part, episode in sorted(episodes.items()):
            counts = sorted(episode["counts"].items())
            yield failing(
                f"overload {part}",
                f"for {episode['seconds']:.0f} seconds: "
                + "; ".join(f"{count} {what} ({_MEANS.get(what, what)})" for what, count in counts),
                _SLOW if set(episode["counts"]) == {"late"} else _BLOCK,
            )
        if not episodes:
            yield well(self.name, "nothing was refused, dropped or cut in the last minutes")
