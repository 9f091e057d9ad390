"""One incident's notice: what has been told of it and what is told next. The rules are in `listener.notify.digest`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from canaries.core.store import canary, hit, notice
from canaries.core.store import digest as legacy
from canaries.core.text import clip
from canaries.crypto.sealed_box import Locker
from canaries.ledger.entries import new_id
from listener.evidence import acts
from listener.incidents import reach
from listener.notify import news
from listener.notify.channels import Alert
from listener.notify.outbox import enqueue, later
from listener.notify.payload import MOST_LEAVES, AlertDetails, Noted, PayloadCodec, alert_fields

if TYPE_CHECKING:
    from canaries.installation.home import Home

GROWTH_SECONDS = 60
"""The first window."""
BATCH = 500
FOREVER = "9999"
"""`held_until` of what was acknowledged."""
_NETWORKS = 8
"""Networks of an incident that are told apart."""
_ACTS = 40
"""Things done behind a hit that are kept in words until they are told; the others are counted."""
_KEPT = ("first_at", "last_at", "acts", "more_acts", "leaves")
"""What is untold of an incident, whichever hit is its strongest."""
_VISITORS = ("source", "port", "facts", "client", "request", "acts")
"""What is known of a visitor: it goes with the message that tells it."""


@dataclass(slots=True)
class IncidentNotice:
    """A `notice` row while a batch is taken in."""

    id: str
    new: bool
    seen: int = 0
    told: int = 0
    own: int = 0
    strength: int = 0
    networks: int = 0
    level: int = 0
    told_at: str = ""
    due_at: str = ""
    held_until: str = ""
    details: AlertDetails = field(default_factory=AlertDetails)

    @property
    def pending(self) -> int:
        """Hits that no message has spoken of."""
        return self.seen - self.own - self.told


class NoticeScheduler:
    """Decides what is told of incidents and when. One per transaction."""

    def __init__(self, connection: Connection, home: Home, now: str) -> None:
        self._connection, self._home, self._now = connection, home, now
        settings = home.settings.alerts
        self._windows = [GROWTH_SECONDS, *(minutes * 60 for minutes in settings.digest_minutes)]
        self._locker = Locker(home.keys.alerts)
        self._codec = PayloadCodec(home.keys.alerts, memo=settings.memo)
        self._alerts: list[Alert] = []

    def add_hits(self, items: Iterable[Noted]) -> None:
        """Add a batch of hits to the notices of their incidents, and queue what is due at once."""
        groups: dict[str, list[Noted]] = {}
        for item in items:
            groups.setdefault(item.incident, []).append(item)
        known, changed = self._rows(list(groups)), []
        for name, group in groups.items():
            row = known.get(name)
            one = IncidentNotice(name, new=True) if row is None else self.notice_of(row)
            self._add_to_incident(one, group)
            changed.append(one)
        self._save(changed)

    def notice_of(self, row: Any) -> IncidentNotice:
        """The notice in a stored row."""
        values = {item.name: getattr(row, item.name) for item in dataclasses.fields(IncidentNotice)[2:-1]}
        details = self._codec.open(row.incident_id, row.sealed)
        return IncidentNotice(row.incident_id, new=False, **values, details=details)

    def _add_to_incident(self, one: IncidentNotice, group: list[Noted]) -> None:
        done = [item for item in group if item.act and not item.mark]
        uses = [item for item in group if item.counts] or (group[:1] if one.new else [])
        marked = [item for item in uses if item.mark]
        real = [item for item in uses if not item.mark] if marked else uses
        one.seen += len(uses)
        one.own += len(marked)
        lines = [*one.details.get("acts", ()), *(clip(item.act, acts.LONGEST) for item in done)]
        one.details |= {
            "acts": lines[:_ACTS],
            "more_acts": one.details.get("more_acts", 0) + len(lines[_ACTS:]),
        }
        tests = {item.canary: item for item in marked if item.mark == "test"}
        for item in tests.values():
            count = sum(1 for other in marked if other.canary == item.canary and other.mark == "test")
            self._queue_alert(
                "used-in-test", self._codec.of(item), hits=count, at=(item.observed_at, item.observed_at)
            )
        if real:
            self._decide(one, real)
        elif done:
            self._wait(one)

    def _decide(self, one: IncidentNotice, real: list[Noted]) -> None:
        strongest = max(real, key=lambda item: item.strength)
        networks = list(one.details.get("networks", ()))
        networks += [name for name in dict.fromkeys(item.network for item in real) if name not in networks]
        first_at = min(item.observed_at for item in real)
        last_at = max(item.observed_at for item in real)
        before, second = one.strength, len(networks) > 1 and one.networks == 1
        untold, known = one.details.get("leaves", ()), one.details.get("deeds", [])
        deeds = news.events(known, real)
        stronger = strongest.strength > one.strength or "source" not in one.details
        if shown := strongest if stronger else news.first(known, real):
            kept = {name: value for name, value in one.details.items() if name in _KEPT}
            one.details = self._codec.of(shown) | cast(AlertDetails, kept)
        one.details["networks"], one.details["deeds"] = networks[:_NETWORKS], deeds
        leaves = [*untold, *(item.leaf for item in real if item.leaf)]
        one.details["leaves"] = leaves[-MOST_LEAVES:]
        one.details["first_at"] = min(one.details.get("first_at") or first_at, first_at)
        one.details["last_at"] = max(one.details.get("last_at") or last_at, last_at)
        one.strength = max(before, strongest.strength)
        one.networks = min(2, len(networks))
        if not before:
            self._tell(one, "first")
        elif why := news.why((before, one.strength), deeds[len(known) :], second_network=second):
            self._tell(one, "stronger", why)
        else:
            self._wait(one)

    def _wait(self, one: IncidentNotice) -> None:
        """It is told when its window has passed; at once where it has."""
        if one.held_until > self._now:
            one.due_at = one.held_until if one.held_until < FOREVER else ""
        elif not one.due_at:
            one.due_at = max(self._now, later(one.told_at, self._windows[one.level]))
            if one.due_at <= self._now:
                self._grown(one)

    def tell_growth(self, one: IncidentNotice) -> None:
        """The window of an incident has passed."""
        if one.held_until > self._now:
            one.due_at = one.held_until if one.held_until < FOREVER else ""
        elif one.pending > 0 or one.details.get("acts"):
            self._grown(one)
        else:
            one.due_at = ""
        self._save([one])

    def tell_missed(self, name: str, hits: int) -> None:
        """An incident has more hits than were noted: what the index knows of them is told."""
        row = self._rows([name]).get(name)
        one = IncidentNotice(name, new=True) if row is None else self.notice_of(row)
        one.seen = hits
        if not one.details.get("canary"):
            query = (
                select(hit.c.canary_id, hit.c.facet, hit.c.trap, hit.c.observed_at, canary.c.kind)
                .outerjoin(canary, canary.c.id == hit.c.canary_id)
                .where(hit.c.incident_id == name)
                .order_by(hit.c.id.desc())
            )
            last = self._connection.execute(query.limit(1)).first()
            if last is not None:
                one.details |= {"canary": last.canary_id, "kind": last.kind or "", "facet": last.facet}
                one.details |= {"trap": last.trap, "incident": name, "first_at": last.observed_at}
                one.details["last_at"] = last.observed_at
        first = not one.strength
        one.strength = max(one.strength, 1)
        self._tell(one, "first" if first else "digest")
        self._save([one])

    def tell_legacy(self) -> int:
        """What release 0.1 had counted and not told: now, and then no more."""
        rows = self._connection.execute(select(legacy).limit(BATCH)).all()
        for row in rows:
            if row.hits:
                details = AlertDetails(canary=row.canary_id) | self._codec.open(row.key, row.sealed)
                self._queue_alert("digest", details, hits=row.hits, at=(row.first_at, row.last_at))
        self._connection.execute(delete(legacy).where(legacy.c.key.in_([row.key for row in rows])))
        return len(rows)

    def enqueue(self) -> None:
        """Put the queued alerts into the outbox."""
        alerts, self._alerts = self._alerts, []
        enqueue(self._connection, self._home, alerts, self._now)

    def _grown(self, one: IncidentNotice) -> None:
        quiet_long = later(one.told_at, self._windows[one.level] + self._windows[-1]) <= self._now
        one.level = 0 if quiet_long else min(one.level + 1, len(self._windows) - 1)
        self._tell(one, "digest")

    def _tell(self, one: IncidentNotice, event: str, why: str = "") -> None:
        at = (one.details.get("first_at", ""), one.details.get("last_at", ""))
        canaries, sources = self._counts(one.id)
        self._queue_alert(
            event,
            one.details,
            hits=one.pending,
            at=at,
            why=why,
            total=one.seen - one.own,
            canaries=canaries,
            sources=sources,
            reach=reach.told(reach.reaches(self._connection, self._locker, one.id)),
        )
        one.told = one.seen - one.own
        one.told_at, one.due_at = self._now, ""
        one.details |= {"first_at": "", "last_at": "", "acts": [], "more_acts": 0, "leaves": []}

    def _queue_alert(
        self, event: str, details: AlertDetails, *, hits: int, at: tuple[str, str], **more: Any
    ) -> None:
        settings = self._home.settings
        url = settings.alerts.console_url.rstrip("/")
        name = details.get("incident", "")
        values = alert_fields(details)
        values.update(self._codec.words(self._connection, details.get("canary", ""), at[0] or self._now))
        done = acts.summary(details.get("acts", ()), details.get("more_acts", 0))
        values |= {"hits": hits, "first_at": at[0], "last_at": at[1], "acts": done, **more}
        values["leaves"] = tuple(details.get("leaves", ()))
        self._alerts.append(
            Alert(
                **values
                | {
                    "id": new_id(),
                    "event": event,
                    "at": self._now,
                    "organisation": settings.operator.organisation,
                    "zone": settings.operator.timezone,
                    "link": f"{url}/incidents/{name}" if url and name else "",
                }
            )
        )

    def _counts(self, name: str) -> tuple[int, int]:
        """Canaries and sources of an incident so far."""
        query = select(func.count(hit.c.canary_id.distinct()), func.count(hit.c.source_tag.distinct())).where(
            hit.c.incident_id == name
        )
        row = self._connection.execute(query).one()
        return int(row[0]), int(row[1])

    def _rows(self, names: Sequence[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for start in range(0, len(names), BATCH):
            query = select(notice).where(notice.c.incident_id.in_(names[start : start + BATCH]))
            found.update({row.incident_id: row for row in self._connection.execute(query)})
        return found

    def _save(self, notices: Iterable[IncidentNotice]) -> None:
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for one in notices:
            values = {name: getattr(one, name) for name in _SAVED}
            kept = (
                one.details if one.pending > 0 or one.details.get("acts") else _without_visitor(one.details)
            )
            values |= {"sealed": self._codec.seal(one.id, kept), _KEY: one.id}
            (new if one.new else changed).append(values)
        if new:
            self._connection.execute(_INSERT, new)
        if changed:
            self._connection.execute(_UPDATE, changed)


_SAVED = tuple(item.name for item in dataclasses.fields(IncidentNotice)[2:-1])
_KEY = "of_incident"
_INSERT = insert(notice).values(
    incident_id=bindparam(_KEY), **{name: bindparam(name) for name in (*_SAVED, "sealed")}
)
_UPDATE = (
    update(notice)
    .where(notice.c.incident_id == bindparam(_KEY))
    .values({name: bindparam(name) for name in (*_SAVED, "sealed")})
)


def _without_visitor(details: AlertDetails) -> AlertDetails:
    """Leave out the visitor once nothing waits: a later holder of the ``alerts`` key learns of no past hit."""
    return cast(AlertDetails, {name: value for name, value in details.items() if name not in _VISITORS})
