"""What a thief can fire of what was planted: not of the canary as it was minted, but of what stands at one place.

A row takes the columns that its table has, an entry the values that its format writes; the rest of the bait stays in
the vault. So the ways to try it, and whether anything of it leads to a trap at all, are asked of the placement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from canaries.installation.reachability import Obstacle, trap_obstacle
from canaries.kinds import fill
from canaries.plant.files.splicing import piece_of
from canaries.plant.formats import forms

if TYPE_CHECKING:
    from canaries.core.model import Bait, Canary
    from canaries.core.settings import Settings
    from canaries.kinds import Kind
    from canaries.plant.planters import Item

_NOWHERE = ".invalid"
"""A name that never resolves (RFC 6761, 6.4)."""


def written(items: Sequence[Item]) -> str | None:
    """Everything of the bait that stands there, as text; None where that is all of it: whole files."""
    texts: list[str] = []
    for item in items:
        if item.row:
            texts += item.memory["values"].values()
        elif "pieces" in item.memory:
            encoding = item.memory["encoding"]
            for saved in item.memory["pieces"]:
                texts += forms(piece_of(saved).added.decode(encoding, "replace"))
        else:
            return None
    return "\n".join(texts)


def trials(kind: Kind, bait: Bait | Canary, items: Sequence[Item]) -> Iterator[str]:
    """The lines of the kind's hint for which all that they need was planted here."""
    there = written(items)
    strong = [token.value for token in bait.tokens if not token.weak]
    for line in fill(kind.try_hint, bait).splitlines():
        needed = [value for value in strong if value in line]
        arrives = "://" in line or _NOWHERE not in line
        if arrives and (there is None or all(value in there for value in needed)):
            yield line


def placement_obstacle(settings: Settings, kind: Kind, items: Sequence[Item]) -> Obstacle | None:
    """Why nobody can fire what stands at one place; None where it leads to a trap that a section opens."""
    there = written(items)
    if there is None:
        return trap_obstacle(settings, kind.traps)
    ways = set()
    host = _host(settings)
    if host in there.lower():
        ways |= set(kind.traps) - {"smtp"} or {"smtp"}
    if any(
        f"@{one.lower()}" in there.lower()
        for one in (settings.bait.domain, *settings.bait.mail_domains)
        if one
    ):
        ways.add("smtp")
    if ways:
        return trap_obstacle(settings, sorted(ways))
    return Obstacle(
        f"nobody can fire what was planted ({_named(items)}): no address of a trap is in it",
        "give mail a place to arrive (bait.domain and [traps.smtp]) and mint again, or plant where there is room for a "
        "web address",
    )


@dataclass(frozen=True, slots=True)
class PlantedFacets:
    """The facets of what stands at one place; nothing of whole files: there all of the bait stands."""

    fires: tuple[str, ...] = ()
    """Lead to a trap, or stand beside an address of one."""
    typed: tuple[str, ...] = ()
    """Mailboxes where no mail arrives, beside an address of a trap: noticed where somebody types them in there."""
    tells: tuple[str, ...] = ()
    """Found in a dump alone: nothing there leads to a trap."""


def facets(settings: Settings, bait: Bait, items: Sequence[Item]) -> PlantedFacets:
    """What fires of one placement, and what does not."""
    there = written(items)
    if there is None:
        return PlantedFacets()
    fires, typed, tells = list[str](), list[str](), list[str]()
    led = _host(settings) in there.lower()
    own = [f"@{one.lower()}" for one in (settings.bait.domain, *settings.bait.mail_domains) if one]
    for token in bait.tokens:
        if token.value not in there:
            continue
        mailbox = token.facet == "email"
        if not token.weak and (token.value.lower().endswith(tuple(own)) if mailbox else led):
            fires.append(token.facet)
        else:
            (typed if led and mailbox and not token.weak else tells).append(token.facet)
    return PlantedFacets(tuple(fires), tuple(typed), tuple(tells))


def _host(settings: Settings) -> str:
    """What every address of bait has in it: the host of the base URL, without its label."""
    return (urlsplit(settings.bait.base_url).hostname or "").replace("{label}", "")


def _named(items: Sequence[Item]) -> str:
    """The columns of a row, or the files."""
    names = [name for item in items for name in item.memory.get("values", {})]
    return ", ".join(names or [item.where for item in items])
