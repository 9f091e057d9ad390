"""Which neighbours a planted row may be made after, and who they are."""

from __future__ import annotations

import random
from collections.abc import Mapping

from canaries.plant.rows.columns import plain
from canaries.plant.rows.relations import FamilyRow
from canaries.plant.rows.sample import Row, Sample

_NEWEST = 200
_POWERS = frozenset(
    {"isadmin", "admin", "issuperuser", "superuser", "isstaff", "staff", "moderator", "ismoderator"}
)
"""Columns by which somebody may do more than others."""


def candidates(sample: Sample, chance: random.Random) -> list[Row]:
    """The newest neighbours in an order drawn by ``chance``, without those who may do more than others."""
    rows = [row for row in sample.rows[:_NEWEST] if not _has_powers(row, sample)]
    return chance.sample(rows, len(rows))


def _has_powers(row: Row, sample: Sample) -> bool:
    return any(
        bool(value) and not isinstance(value, str) and sample.counts(name).most_common(1)[0][0] != str(value)
        for name, value in row.items()
        if plain(name) in _POWERS
    )


def marks_of(members: list[FamilyRow], matched: list[Mapping[str, str]]) -> dict[str, str]:
    """Who the donor is, by the keys of a bait's row: the first value of each in any of its rows."""
    donor: dict[str, str] = {}
    for member, found in zip(members, matched, strict=True):
        for name, key in found.items():
            if member.row.get(name) not in (None, ""):
                donor.setdefault(key, str(member.row[name]))
    return completed(donor)


def completed(person: Mapping[str, str]) -> dict[str, str]:
    """With given and family name where only the whole is known, and the other way round."""
    found = dict(person)
    if found.get("name") and " " not in found["name"].strip():  # people who say their first name only
        found.setdefault("first_name", found.pop("name").strip())
        found.pop("name", None)
    first, _, last = found.get("name", "").strip().rpartition(" ")
    if first and last:
        found.setdefault("first_name", first)
        found.setdefault("last_name", last)
    if "name" not in found and found.get("first_name") and found.get("last_name"):
        found["name"] = f"{found['first_name']} {found['last_name']}"
    return found
