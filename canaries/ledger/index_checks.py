"""Where bait was put, when it was retired, which incidents there are: tables held against what they are an index of.

Reports, briefs of alerts and the state of a canary are read from these rows. Whoever may write to the database could
hide by one of them that bait was ever planted, or have it retired before it was used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from canaries.core import store
from canaries.core.errors import LedgerError

if TYPE_CHECKING:
    from canaries.ledger.entries import Entry

_AT_ONCE = 500


class IndexChecks:
    """Every *planted* entry has its placement, every *retired* one its date, every hit its incident."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._planted: dict[str, str] = {}
        """*planted* entries that were not looked at yet: id to canary."""
        self._retired: dict[str, set[str]] = {}
        """Canary to when entries say that it was retired."""
        self._doubtful: dict[str, set[str]] = {}
        """The same of entries that are not by whom they name."""

    def see(self, entry: Entry, *, believed: bool) -> None:
        """Take the next entry into account; ``believed``: it is by whom it names. Raises LedgerError."""
        if entry.kind == "planted":
            self._planted[entry.id] = str(entry.body["canary"])
            if len(self._planted) >= _AT_ONCE:
                self._look()
        elif entry.kind == "retired":
            said = self._retired if believed else self._doubtful
            said.setdefault(str(entry.body["canary"]), set()).add(entry.at)

    def finish(self) -> None:
        """Raises LedgerError naming what is missing or was changed."""
        self._look()
        place, entry = store.placement, store.entry
        planted = select(entry.c.id).where(entry.c.id == place.c.entry_id, entry.c.kind == "planted")
        query = select(place.c.id).where(place.c.entry_id != "", ~planted.exists()).limit(1)
        if added := self._connection.scalar(query):
            raise LedgerError(f"the placement {added} is of no *planted* entry: it was added")
        hit, incident = store.hit, store.incident
        known = select(incident.c.id).where(incident.c.id == hit.c.incident_id)
        if gone := self._connection.scalar(select(hit.c.incident_id).where(~known.exists()).limit(1)):
            raise LedgerError(f"hits are of the incident {gone}, which is not among the incidents")
        self._compare_retired()

    def _compare_retired(self) -> None:
        table = store.canary
        query = select(table.c.id, table.c.retired_at).where(table.c.retired_at != "")
        rows = {row.id: row.retired_at for row in self._connection.execute(query)}
        for canary in sorted(self._retired.keys() | rows.keys()):
            at = rows.get(canary, "")
            if at not in (self._retired.get(canary) or {"", *self._doubtful.get(canary, ())}):
                raise LedgerError(
                    f"canary {canary} is retired as of {at or 'no time'}, and its entries say another"
                )

    def _look(self) -> None:
        planted, self._planted = self._planted, {}
        table = store.placement
        query = select(table.c.entry_id, table.c.canary_id).where(
            table.c.canary_id.in_(set(planted.values()))
        )
        rows = (
            {(row.entry_id, row.canary_id) for row in self._connection.execute(query)} if planted else set()
        )
        for entry_id, canary in planted.items():
            if (entry_id, canary) not in rows:
                raise LedgerError(
                    f"canary {canary} was planted, says entry {entry_id}, and no placement of it is there"
                )
