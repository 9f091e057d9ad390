"""What operators say of a canary, for a briefing: memo, whose copy, places, and whether it was out of use."""

from __future__ import annotations

from typing import TypedDict

from sqlalchemy import Connection, select

from canaries.core.store import canary, placement
from canaries.crypto.labels import CanaryLabel, open_label, open_place
from canaries.crypto.sealed_box import Locker

PLACES = 3
"""Places that a briefing knows of; it names the newest."""


class CanaryWords(TypedDict):
    """What operators say of a canary; names are those of an alert."""

    memo: str
    recipient: str
    owner: str
    tags: tuple[str, ...]
    places: tuple[str, ...]
    """Newest first."""
    status: str
    """``retired``, ``expired``, or empty."""


def canary_words(connection: Connection, locker: Locker, canary_id: str, at: str) -> CanaryWords:
    """As they are now; ``status`` as it was at ``at`` (RFC 3339), so that retiring it later changes no earlier use.

    ``locker`` has the ``alerts`` key: this needs no vault. What does not open is empty.
    """
    row = connection.execute(select(canary).where(canary.c.id == canary_id)).first()
    label = open_label(locker, canary_id, row.label) if row else CanaryLabel()
    query = (
        select(placement.c.id, placement.c.label)
        .where(placement.c.canary_id == canary_id, placement.c.label.is_not(None))
        .order_by(placement.c.planted_at.desc())
        .limit(PLACES)
    )
    places = [open_place(locker, one.id, one.label) for one in connection.execute(query)]
    return {
        "memo": label.memo,
        "recipient": label.recipient,
        "owner": label.owner,
        "tags": label.tags,
        "places": tuple(filter(None, places)),
        "status": status_at(row.retired_at, row.expires_at, at) if row else "",
    }


def status_at(retired_at: str | None, expires_at: str | None, at: str) -> str:
    """``retired``, ``expired`` or empty, as of ``at``; all are RFC 3339 or empty."""
    if retired_at and retired_at <= at:
        return "retired"
    return "expired" if expires_at and expires_at <= at else ""
