"""What a planted row has where its neighbours keep passwords: by default a hash that no password opens."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from canaries.content.password_hashes import like, settings_of
from canaries.core.errors import PlantError
from canaries.crypto.seeded_random import BASE62
from canaries.plant.rows.columns import says_hash
from canaries.plant.rows.neighbour_values import scheme


def password_for(
    column: str, bait: Mapping[str, str], neighbours: Sequence[Any], chance: random.Random
) -> tuple[str, str, bool] | None:
    """The value of a password column, where it comes from in words, and whether it is the bait's own; None: nothing.

    ``neighbours``: the donor's value first. The bait's hash where it brings one of the neighbours' scheme and cost;
    the bait's clear text among clear texts. Otherwise a hash of a text that nobody keeps, with the donor's scheme and
    cost. Raises PlantError where that scheme cannot be made here.
    """
    own_hash, clear = bait.get("password_hash", ""), bait.get("password", "")
    known = str(next(filter(None, neighbours), ""))
    usual = settings_of(known) or scheme(known)
    if own_hash and (not usual or _alike(own_hash, known)):
        return own_hash, "the bait's password_hash", True
    if not usual and not says_hash(column):
        if clear and len(known) < 40:
            return clear, "the bait's password", True
        return None
    if own_hash:
        sentence = f"the hashes in column {column!r} are {_said(known)!r}, the bait's is {_said(own_hash)!r}"
        hint = f"mint one with that hash and cost, or with none: then no password opens it; or --set {column}=HASH"
        raise PlantError(sentence, hint=hint)
    if not known:
        return None
    nobodys = "".join(chance.choice(BASE62) for _ in range(40))
    made = like(
        known, nobodys, lambda alphabet, length: "".join(chance.choice(alphabet) for _ in range(length))
    )
    if made is None:
        raise PlantError(
            f"the hashes in column {column!r} are of a scheme that is not known here",
            hint=f"say what goes in: --set {column}=HASH",
        )
    return made, f"a hash that no password opens, as the neighbours' ({_said(known)})", False


def _alike(one: str, other: str) -> bool:
    return (settings_of(one) or scheme(one)) == (settings_of(other) or scheme(other))


def _said(value: str) -> str:
    return settings_of(value).strip("$:") or scheme(value)
