"""Minting and planting in one: people made to fit the table they go into, anything else as it is minted."""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import select

from canaries.core import store
from canaries.core.errors import PlantError, TraplineError
from canaries.core.model import Bait, Canary, indexed
from canaries.crypto.token_tags import normal, tagger
from canaries.mint import minting
from canaries.plant import fitting
from canaries.plant.planters import PlantingRequest, choose
from canaries.plant.planting import Planted, put_in_place

if TYPE_CHECKING:
    from canaries.installation.home import Home

_TRIES = 12
"""People who are drawn before the last one's refusal is told: a namesake, an address that is taken."""


def plant_new(
    home: Home,
    kind_name: str,
    target: str,
    *,
    memo: str = "",
    recipient: str = "",
    options: Mapping[str, str] | None = None,
    table: str = "",
    values: Mapping[str, str] | None = None,
    allow: frozenset[str] = frozenset(),
    dry_run: bool = False,
    chance: random.Random | None = None,
) -> Planted:
    """Mint a canary of a kind for ``target`` and plant it; nothing is minted where it cannot be planted.

    Where it was minted, and the target failed after that, the error says so and names it. Raises NotFoundError (kind),
    MintError (options), PlantError, StoreError.
    """
    kind, given, planter = minting.kind(kind_name), dict(options or {}), choose(target)
    chance = chance or secrets.SystemRandom()
    like: Mapping[str, object] = {}
    refused: PlantError | None = None
    for _ in range(_TRIES):
        chosen = dict(given)
        if planter.name == "database" and kind_name == "user":
            found = fitting.fit(target, table, home.settings.bait, chance)
            chosen, like = {**found.options, **given}, found.like
        seed = chance.randbytes(32)
        order = minting.order(home, seed, home.now(), memo, recipient, place=kind.place)
        bait = kind.mint(order, minting.options_of(kind, chosen))
        asked = PlantingRequest(
            bait, target, home.clock.now(), table, dict(values or {}), chance, kind_name, like, allow
        )
        try:
            _refuse_taken(home, bait)
            plan = planter.plan(asked)
        except PlantError as error:
            refused = error
            if planter.name != "database":
                raise
            continue
        if dry_run:
            return Planted(_unminted(kind_name, memo, bait), bait, "", planter.name, plan, plan.items, 0)
        drawn = _Drawing(seed)
        (minted,) = minting.mint(
            home, kind_name, memo=memo, recipient=recipient, options=chosen, draw=drawn.bytes
        )
        try:
            return put_in_place(home, minted.canary, minted.bait, planter.name, plan)
        except TraplineError as error:
            name = minted.canary.id
            raise type(error)(
                f"canary {name} was minted, and is planted nowhere: {error.sentence}",
                hint=f"'trapline plant {name} TARGET' tries again, 'trapline retire {name}' gives it up",
            ) from error
    raise refused or PlantError("nobody could be drawn for this target")


class _Drawing:
    """Random bytes whose first 32 are a seed that was looked at before."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed

    def bytes(self, size: int) -> bytes:
        """As `secrets.token_bytes`."""
        head, self._seed = self._seed, b""
        return head + secrets.token_bytes(size - len(head))


def _refuse_taken(home: Home, bait: Bait) -> None:
    """An address as people have it may have been drawn before."""
    tag = tagger(home.keys.lookup)
    tags = [tag(normal(token.value, folds=token.folds)) for token in indexed(bait.tokens)]
    with home.store.read() as connection:
        query = select(store.token.c.canary_id).where(store.token.c.tag.in_(tags)).limit(1)
        if connection.execute(query).first() is not None:
            raise PlantError("the person's address is another canary's", hint="try again")


def _unminted(kind_name: str, memo: str, bait: Bait) -> Canary:
    """What a dry run shows in place of a canary; it has no id."""
    return Canary(
        id="",
        kind=kind_name,
        memo=memo,
        owner="",
        recipient="",
        created_at="",
        expires_at="",
        options={},
        seed="",
        parent="",
        tokens=bait.tokens,
        text=bait.text,
        files=(),
        row=bait.row,
        nonce="",
    )
