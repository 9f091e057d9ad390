"""Bait that cannot fire: where it leads, and whether the traps that planted bait needs are open."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from sqlalchemy import func, literal_column, select

from canaries import kinds
from canaries.core import plugins, store
from canaries.core.text import counted
from canaries.installation.addresses import answers, look_up, own
from canaries.installation.reachability import (
    Obstacle,
    Resolver,
    base_addresses,
    obstacles,
    trap_obstacle,
)
from canaries.kinds import Kind
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, note, well

_PLACED = ("there", "changed", "unreachable")


class BaitCheck(Check):
    name = "bait"
    order = 25

    def __init__(self, resolve: Resolver = look_up) -> None:
        self._resolve = resolve

    def look(self, view: View) -> Iterator[PartState]:
        settings, said = view.home.settings, False
        for one in obstacles(settings, self._resolve):
            said = True
            yield (note if one.near else failing)(self.name, one.says, one.hint)
        if view.listener is not None and (shut := self._shut(view)):
            said = True
            yield shut
        opened = (view.listener or {}).get("traps") or {}
        shut_traps = (view.listener or {}).get("shut") or {}
        for name, count in self._planted(view):
            kind = plugins.classes(kinds.FOLDER, Kind).get(name)  # type: ignore[type-abstract]
            dead = trap_obstacle(settings, kind.traps, opened) if kind else None
            if kind and not dead and not opened.keys() & {*kind.traps}:
                dead = next(
                    (_shut_trap(one, shut_traps[one]) for one in kind.traps if one in shut_traps), None
                )
            if dead:
                said = True
                yield failing(self.name, f"{counted(count, 'placement')} of {name}: {dead.says}", dead.hint)
        for name, count in self._planted(view, retired=True):
            kind = plugins.classes(kinds.FOLDER, Kind).get(name)  # type: ignore[type-abstract]
            if (
                kind
                and kind.traps
                and not opened.keys() & {*kind.traps}
                and shut_traps.keys() & {*kind.traps}
            ):
                trap = " or ".join(kind.traps)
                yield note(
                    self.name,
                    f"{counted(count, 'placement')} of retired {name}: its use is not seen, as the trap {trap} is shut",
                    'unplant them, or set listen.traps = "configured" in trapline.toml',
                )
        if not said:
            yield well(self.name, f"leads to {settings.bait.base_url}, reached from anywhere")

    def _shut(self, view: View) -> PartState | None:
        """Where bait leads to this machine itself, its port is tried: with a listener up, somebody must answer."""
        base = urlsplit(view.home.settings.bait.base_url)
        port = base.port or (443 if base.scheme == "https" else 80)
        mine = [
            address for address in base_addresses(view.home.settings, self._resolve) or () if own(address)
        ]
        if not mine or any(answers(address, port) for address in mine):
            return None
        return failing(
            self.name,
            f"bait leads to port {port} of this machine, where nothing answers",
            "let bait.base_url name the http trap's address and port, or send that port on to it",
        )

    def _planted(self, view: View, *, retired: bool = False) -> list[tuple[str, int]]:
        """Kinds that are planted and not retired (or are), and in how many places."""
        canary, place = store.canary, store.placement
        kind = func.coalesce(
            canary.c.kind, literal_column("''")
        )  # in no index: what is planted is asked for, not every canary
        query = (
            select(kind, func.count())
            .select_from(place.join(canary, canary.c.id == place.c.canary_id))
            .where((canary.c.retired_at != "") == retired, place.c.state.in_(_PLACED))
            .group_by(kind)
            .order_by(kind)
        )
        with view.store().read() as connection:
            return [(name, count) for name, count in connection.execute(query)]


def _shut_trap(trap: str, why: str) -> Obstacle:
    hint = f"trapline status says when it is open; [traps.{trap}] bind is where"
    return Obstacle(f"this bait leads to the trap {trap}, which is shut: {why}", hint)
