"""What operators change of a canary after it was minted: memo, owner, recipient, expiry, tags. Each change is an entry.

The record whose hash the *minted* entry holds never changes, nor does the bait; what was changed is in a box beside it,
and what alerts may say in the canary's label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select, update

from canaries.core import store
from canaries.core.errors import MintError
from canaries.crypto.labels import CanaryLabel, open_label, seal_label
from canaries.crypto.sealed_box import Locker
from canaries.ledger.entries import canonical

if TYPE_CHECKING:
    from canaries.core.model import Canary
    from canaries.installation.home import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What holds now in place of the record's words; None: the record's."""

    memo: str | None = None
    owner: str | None = None
    recipient: str | None = None
    tags: tuple[str, ...] = ()


def opened(home: Home, canary_id: str, sealed: bytes | None) -> Amendment:
    """The box of a row; an empty one changes nothing. Raises LedgerError."""
    if sealed is None:
        return Amendment()
    return msgspec.json.decode(home.reader.open(sealed, f"{canary_id}:amended"), type=Amendment)


def amend(
    home: Home,
    canaries: Sequence[Canary],
    *,
    memo: str | None = None,
    owner: str | None = None,
    recipient: str | None = None,
    expires_at: str | None = None,
    tags: Sequence[str] = (),
    untags: Sequence[str] = (),
    reason: str = "",
) -> int:
    """Change what is given, in all of them or none: an entry *amended* each. How many. Raises MintError."""
    given: dict[str, Any] = {"memo": memo, "owner": owner, "recipient": recipient, "expires_at": expires_at}
    said = {name: value for name, value in given.items() if value is not None}
    if not (said or tags or untags):
        raise MintError(
            "nothing to change", hint="give --memo, --owner, --recipient, --expires, --tag or --untag"
        )
    words = {name: value for name, value in said.items() if name != "expires_at"}
    locker, now, table = Locker(home.keys.alerts), home.now(), store.canary
    with home.store.write() as connection:
        for canary in canaries:
            row = connection.execute(select(table).where(table.c.id == canary.id)).one()
            before = opened(home, canary.id, row.amended)
            kept = tuple(tag for tag in dict.fromkeys((*before.tags, *tags)) if tag not in untags)
            after = replace(before, **words, tags=kept)
            label = CanaryLabel(
                memo=canary.memo if after.memo is None else after.memo,
                recipient=canary.recipient if after.recipient is None else after.recipient,
                owner=canary.owner if after.owner is None else after.owner,
                tags=kept,
                verifiers=open_label(locker, canary.id, row.label).verifiers,
            )
            values: dict[str, Any] = {
                "amended": home.writer.seal(canonical(after), f"{canary.id}:amended"),
                "label": seal_label(locker, canary.id, label),
            }
            if expires_at is not None:
                values["expires_at"] = expires_at
            connection.execute(update(table).where(table.c.id == canary.id).values(**values))
            body = {"canary": canary.id, "changed": said, "tags": list(kept), "reason": reason}
            home.writer.record(connection, "amended", now, home.operator, body)
    return len(canaries)
