"""Minting many canaries that differ in options, recipient and memo, in the batches of `canaries.mint.minting`."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import msgspec

from canaries.mint import minting
from canaries.mint.minting import BATCH, BatchWriter, MintCommon, Minted, minted_of

if TYPE_CHECKING:
    from canaries.core.model import Bait
    from canaries.installation.home import Home


@dataclass(frozen=True, slots=True)
class VariousOrder:
    """One canary to mint."""

    recipient: str
    memo: str
    options: Mapping[str, str] = field(default_factory=dict)
    source: bytes = b""
    """The operator's own file, for kinds that make bait of one."""
    seed: bytes = b""
    """32 bytes that were looked at before with `preview`; empty: drawn."""


def preview(home: Home, kind_name: str, order: VariousOrder, now: str) -> Bait:
    """The bait that `mint_various` will make of an order with a seed at ``now``. Raises MintError."""
    kind = minting.kind(kind_name)
    told = minting.order(home, order.seed, now, order.memo, order.recipient, place=kind.place)
    return kind.mint(
        msgspec.structs.replace(told, source=order.source), minting.options_of(kind, dict(order.options))
    )


def mint_various(
    home: Home,
    kind_name: str,
    orders: Sequence[VariousOrder],
    *,
    now: str,
    draw: Callable[[int], bytes] = secrets.token_bytes,
) -> list[Minted]:
    """One canary for each order, in their order; each batch is one transaction.

    Raises NotFoundError (kind), MintError (options, source), StoreError (database).
    """
    made: list[Minted] = []
    for start in range(0, len(orders), BATCH):
        batch = []
        for order in orders[start : start + BATCH]:
            seeded = replace(order, seed=order.seed or draw(32))
            digest = hashlib.sha256(order.source).hexdigest() if order.source else ""
            common = MintCommon(order.memo, order.recipient, home.operator, now, "", digest)
            luck = (seeded.seed.hex(), draw(8).hex(), draw(16).hex())
            bait = preview(home, kind_name, seeded, now)
            batch.append(minted_of(kind_name, bait, common, luck, dict(order.options), draw))
        shared = MintCommon("", "", home.operator, now, "", "")
        made += BatchWriter(home, kind_name, shared, ("", "")).record(batch)
    return made
