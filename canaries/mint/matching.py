"""What is looked for among canaries, and whether one of them is it: labels are opened, under the ``alerts`` key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select

from canaries.core import store
from canaries.crypto.labels import CanaryLabel, open_label, open_place
from canaries.crypto.sealed_box import Locker
from canaries.mint import catalogue

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from canaries.installation.home import Home

STATES = ("live", "expired", "retired")
_ALL_PLACES = 1_000
"""Places of one canary that are looked at."""
_ID = re.compile(r"[0-9a-f]{6,16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for: all that is given must hold. Texts are compared without case."""

    words: str = ""
    """Each word must be in the id, the kind, the memo, the recipient or the owner."""
    kind: str = ""
    owner: str = ""
    recipient: str = ""
    tag: str = ""
    """The whole tag."""
    place: str = ""
    """A part of where it was planted."""
    state: str = ""
    """One of `STATES`."""
    expiring: str = ""
    """RFC 3339: live canaries that expire before then."""
    used: str = ""
    """``yes`` or ``no``: whether it has a hit."""
    account: str = ""
    """Id of the account that minted it."""
    planted: str = ""
    """``yes`` or ``no``: whether it is on record as planted."""


@dataclass(frozen=True, slots=True)
class PlaceOfCanary:
    """One placement of a listed canary."""

    where: str
    """In words; empty where it was planted by release 0.1."""
    state: str
    checked_at: str
    """RFC 3339, or empty."""


class CanaryMatcher:
    """Opens labels and judges them."""

    def __init__(self, home: Home, connection: Connection, wanted: Wanted) -> None:
        self._home, self._connection, self._wanted = home, connection, wanted
        self._words = wanted.words.casefold().split()
        self.ids = tuple(word for word in dict.fromkeys(self._words) if _ID.fullmatch(word))
        """Words that may be an id, or how one begins."""
        self._now = home.now()
        self._texts = [
            (name, text.casefold())
            for name in ("owner", "recipient")
            if (text := getattr(wanted, name).strip())
        ]
        self.locker = Locker(home.keys.alerts)

    def matching(self, row: Row[Any]) -> CanaryLabel | None:
        """Its label, or None where it is not wanted."""
        wanted = self._wanted
        if not row.known or not self._in_state(row):
            return None
        if wanted.used and bool(row.used) != (wanted.used == "yes"):
            return None
        if wanted.planted and bool(row.planted) != (wanted.planted == "yes"):
            return None
        label = self._label(row)
        if wanted.tag and wanted.tag.strip() not in label.tags:
            return None
        if any(text not in getattr(label, name).casefold() for name, text in self._texts):
            return None
        if self._words:
            said = f"{row.id}\n{row.kind}\n{label.memo}\n{label.recipient}\n{label.owner}".casefold()
            if not all(word in said for word in self._words):
                return None
        return label if not wanted.place or (row.planted and self._lies(row.id)) else None

    def _in_state(self, row: Row[Any]) -> bool:
        wanted = self._wanted
        if not (wanted.state or wanted.expiring):
            return True
        state = state_of(row.retired_at, row.expires_at, self._now)
        if wanted.state and state != wanted.state:
            return False
        return not wanted.expiring or (state == "live" and "" < row.expires_at <= wanted.expiring)

    def _lies(self, canary_id: str) -> bool:
        text = self._wanted.place.strip().casefold()
        return any(
            text in one.where.casefold()
            for one in places_of(self._connection, self.locker, canary_id, _ALL_PLACES)
        )

    def _label(self, row: Row[Any]) -> CanaryLabel:
        """Of a canary of release 0.1 the label has no owner: its record has."""
        label = open_label(self.locker, row.id, row.label)
        if label.owner:
            return label
        one = catalogue.summary(self._home, row.id)
        return CanaryLabel(memo=one.memo, recipient=one.recipient, owner=one.owner, tags=one.tags)


def state_of(retired_at: str, expires_at: str, now: str) -> str:
    """One of `STATES`."""
    if retired_at:
        return "retired"
    return "expired" if expires_at and expires_at <= now else "live"


def places_of(connection: Connection, locker: Locker, canary_id: str, most: int) -> Iterator[PlaceOfCanary]:
    """Where it was planted, the newest placement first."""
    table = store.placement
    query = select(table.c.id, table.c.state, table.c.checked_at, table.c.label).where(
        table.c.canary_id == canary_id, table.c.sealed.is_not(None)
    )
    for row in connection.execute(query.order_by(table.c.planted_at.desc()).limit(most)).all():
        yield PlaceOfCanary(open_place(locker, row.id, row.label), row.state, row.checked_at)
