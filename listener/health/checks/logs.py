"""Followed logs: how many lines were read, and how many of them were not in the format of their type."""

from __future__ import annotations

from collections.abc import Iterator

from canaries.core.clock import from_micros, rfc3339
from listener.following.log_settings import followed_logs
from listener.following.positions import LogPositions
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, note, well


class FollowedLogsCheck(Check):
    name = "followed logs"
    order = 60

    def look(self, view: View) -> Iterator[PartState]:
        logs = followed_logs(view.home.settings.logs)
        if any(log.source.indexed for log in logs) and not view.home.keys.has("vault"):
            from listener.following.indexed_search import IndexedSearch

            search = IndexedSearch(view.home)
            search.refresh()
            if search.problem:
                yield failing(self.name, search.problem, "or keep the vault's key on the listener's machine")
        for log in logs:
            part, positions = f"log {log.name}", LogPositions(view.store(), log.name)
            if not positions.seen_at:
                yield note(part, "was never read", "a listener that was started with this section reads it")
                continue
            lines, malformed = positions.counts
            at = rfc3339(from_micros(positions.seen_at * 1_000_000))
            says = f"{lines} lines read, the last at {at}; {malformed} are malformed"
            if malformed * 2 > lines:
                yield note(part, says, f"is it a log of type {log.source.name}? See [logs.{log.name}]")
            else:
                yield well(part, says)
