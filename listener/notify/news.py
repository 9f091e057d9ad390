"""What is told at once of an incident that was told before: a step up, a second network, another sort of deed inside.

An export, a message that nobody announced and a sign-in are three things to somebody who has to act, though one
incident holds all of them; a hundred more of any of them are growth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from listener.notify.payload import Noted

_INSIDE = {
    "record_given_out": "planted records left in an export",
    "row_read": "planted rows read in the database",
    "table_read": "a table of phony rows read",
    "used_inside": "used inside an application",
    "used_in_log": "used, as a log says",
    "unauthorised_send": "a message that was not announced",
    "hash_cracked": "a password hash cracked",
}
"""The verdict's events (`listener.facts.verdict`) that are told apart, in words."""


def events(known: Sequence[str], items: Iterable[Noted]) -> list[str]:
    """``known`` and what is new in ``items``, of those that are told apart."""
    return [name for name in dict.fromkeys([*known, *map(_event, items)]) if name]


def first(known: Sequence[str], items: Iterable[Noted]) -> Noted | None:
    """The first of ``items`` that is of another event than the ``known`` ones."""
    return next((item for item in items if (name := _event(item)) and name not in known), None)


def _event(item: Noted) -> str:
    """Empty where it is not told apart."""
    said = item.facts.get("verdict")
    name = str(said.get("event", "")) if isinstance(said, dict) else ""
    return name if name in _INSIDE else ""


def why(strengths: tuple[int, int], fresh: Sequence[str], *, second_network: bool) -> str:
    """What is new, in words; empty: nothing that cannot wait. ``strengths``: before and now (`Noted.strength`).
    ``fresh``: events that the incident had not seen."""
    before, now = strengths
    if now > before:
        # severity counts two, a credential one
        return "now more severe" if (now - 1) // 2 > (before - 1) // 2 else "now with a credential"
    if second_network:
        return "now from a second network"
    return f"now also: {', '.join(_INSIDE[name] for name in fresh)}" if fresh else ""
