"""Has the log's checkpoints stamped by third parties (RFC 3161), in the back's background, and keeps the answers.

A stamp is kept only once it was judged. It becomes an entry *stamped* with the hash of the authority's answer: later
checkpoints commit to it, and so a later stamp also vouches for the earlier ones when their certificate ends (the idea
of RFC 4998). Near that end the newest checkpoint is therefore stamped again, though nothing is new. What fails is asked
for again at growing distances; ``trapline status`` tells.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select

from canaries.core import store
from canaries.core.clock import parse_rfc3339, rfc3339
from canaries.ledger import time_stamps
from canaries.ledger.checkpoints import log_verifier
from canaries.ledger.signed_note import NoteError, open_checkpoint
from canaries.ledger.time_stamps import Stamp, StampError
from listener.notify.stamp_authorities import StampAuthority, authorities

if TYPE_CHECKING:
    from canaries.installation.home import Home

POLL_SECONDS = 5.0
FIRST_RETRY, LONGEST_RETRY = 60, 3600
"""Seconds: doubled with each failure."""
RENEW_DAYS = 30
"""So long before the end of an authority's certificate its newest stamp is renewed, a day at most between two tries."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StampState:
    """How it stands with one authority: the `meta` row ``tsa:NAME``."""

    due: str = ""
    """RFC 3339: nothing is asked before."""
    failures: int = 0
    """In a row."""
    problem: str = ""
    """Why the last question failed; empty: it did not."""
    since: str = ""
    """Since when it fails."""
    roots: str = ""
    """PEM: whom the stamps lead to. It goes into dossiers."""


@dataclass(frozen=True, slots=True)
class _StampHead:
    size: int
    root: bytes
    note: str


def state(connection: Connection, name: str) -> StampState:
    """What is remembered of an authority."""
    stored = connection.scalar(select(store.meta.c.value).where(store.meta.c.name == f"tsa:{name}"))
    return StampState(**json.loads(stored)) if stored else StampState()


class Stamper:
    """Asks every configured authority in turn."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._log = log_verifier(home)

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop``. Raises SettingsError, StoreError."""
        asked = authorities(self._home)
        while not stop.is_set():
            for authority in asked.values():
                self.step(authority)
            stop.wait(POLL_SECONDS if asked else None)

    def step(self, authority: StampAuthority, *, now: bool = False) -> str | None:
        """Ask, where it is time (or ``now``); None: there was nothing to do, empty: it is stamped, else the problem."""
        with self._home.store.read() as connection:
            before = state(connection, authority.name)
            head = self._head(connection, authority, before, now=now)
        if head is None:
            return None
        moment = self._home.clock.now()
        at = rfc3339(moment)
        try:
            reply, stamp = authority.ask(head.note.encode(), moment)
        except StampError as error:
            wait = min(FIRST_RETRY * 2 ** min(before.failures, 16), LONGEST_RETRY)
            after = StampState(
                rfc3339(moment + timedelta(seconds=wait)),
                before.failures + 1,
                str(error),
                before.since or at,
                before.roots,
            )
            with self._home.store.write() as connection:
                _remember(connection, authority.name, after)
            _log.warning("no time stamp from %s: %s", authority.name, error)
            return str(error)
        due = rfc3339(moment + timedelta(minutes=authority.settings.minutes))
        with self._home.store.write() as connection:
            _keep(connection, self._home, authority, head, reply, stamp, at)
            _remember(
                connection, authority.name, StampState(due, roots=authority.roots.decode("ascii", "replace"))
            )
        return ""

    def _head(
        self, connection: Connection, authority: StampAuthority, before: StampState, *, now: bool
    ) -> _StampHead | None:
        """The newest checkpoint, where it is time to have it stamped."""
        moment = self._home.clock.now()
        # further ahead than anything is put off: the clock was set back since
        longest = max(timedelta(minutes=authority.settings.minutes), timedelta(seconds=LONGEST_RETRY))
        if not now and rfc3339(moment) < before.due <= rfc3339(moment + longest):
            return None
        table = store.checkpoint
        note = connection.scalar(select(table.c.note).order_by(table.c.size.desc()).limit(1))
        if note is None:
            return None
        try:
            checkpoint = open_checkpoint(note, self._log)
        except NoteError:
            return None  # the ledger's checks say so
        head = _StampHead(checkpoint.size, checkpoint.root, note)
        last = newest(connection, authority.name)
        if now or last is None or _anything_new(connection, last.size, head.size):
            return head
        old = moment - timedelta(days=1) > parse_rfc3339(last.at)
        soon = moment + timedelta(days=RENEW_DAYS) > parse_rfc3339(last.ends)
        return head if old and soon else None


@dataclass(frozen=True, slots=True)
class KeptStamp:
    """One stamp of a checkpoint, without its token."""

    authority: str
    size: int
    """Of the checkpoint."""
    at: str
    """RFC 3339, by the authority's clock."""
    ends: str
    """RFC 3339: when the authority's certificate ends."""
    judge: str
    sha256: str
    """Of the authority's answer, hexadecimal."""
    entry_id: str
    """Of its *stamped* entry."""
    place: int | None = None
    """Of that entry in the log, once it is sealed: what comes later was sealed after the stamp."""


_COLUMNS = [*(store.stamp.c[name] for name in KeptStamp.__slots__ if name != "place"), store.leaf.c.seq]
_FROM = store.stamp.join(store.leaf, store.leaf.c.entry_id == store.stamp.c.entry_id, isouter=True)


def kept(connection: Connection) -> list[KeptStamp]:
    """All of them, by size and time."""
    table = store.stamp
    query = select(*_COLUMNS).select_from(_FROM).order_by(table.c.size, table.c.at, table.c.sha256)
    return [KeptStamp(*row) for row in connection.execute(query)]


def newest(connection: Connection, authority: str) -> KeptStamp | None:
    """The last stamp of one authority."""
    table = store.stamp
    query = select(*_COLUMNS).select_from(_FROM).where(table.c.authority == authority)
    row = connection.execute(query.order_by(table.c.size.desc(), table.c.at.desc()).limit(1)).first()
    return KeptStamp(*row) if row else None


def recheck(connection: Connection, item: KeptStamp, trusted: Mapping[str, StampAuthority]) -> str:
    """Judge a kept stamp again; empty where it holds, else what is wrong. Of an authority that is not set up any more
    the certificates of then are taken."""
    token = connection.scalar(select(store.stamp.c.reply).where(store.stamp.c.sha256 == item.sha256))
    note = connection.scalar(select(store.checkpoint.c.note).where(store.checkpoint.c.size == item.size))
    now = trusted.get(item.authority)
    roots = now.roots if now else state(connection, item.authority).roots.encode()
    if token is None or hashlib.sha256(token).hexdigest() != item.sha256:
        return "its token was changed"
    if note is None or not roots:
        return "its checkpoint or the authority's certificate is not here"
    try:
        stamp = time_stamps.judge(token, note.encode(), roots)
    except StampError as error:
        return str(error)
    return "" if rfc3339(stamp.at) == item.at else "the table says another time than the token"


def _anything_new(connection: Connection, since: int, size: int) -> bool:
    """Whether the log has an entry from ``since`` on that is not itself about a stamp: else stamps would never end."""
    leaf, entry = store.leaf, store.entry
    query = (
        select(leaf.c.seq)
        .join(entry, entry.c.id == leaf.c.entry_id)
        .where(leaf.c.seq >= since, leaf.c.seq < size, entry.c.kind != "stamped")
        .limit(1)
    )
    return connection.execute(query).first() is not None


def _keep(
    connection: Connection,
    home: Home,
    authority: StampAuthority,
    head: _StampHead,
    reply: bytes,
    stamp: Stamp,
    at: str,
) -> None:
    digest = hashlib.sha256(reply).hexdigest()
    said = {"authority": authority.name, "size": head.size, "sha256": digest, **time_stamps.said(stamp)}
    entry = home.writer.record(connection, "stamped", at, "listener", {**said, "root": head.root.hex()})
    connection.execute(insert(store.stamp).values(**said, entry_id=entry, reply=reply))


def _remember(connection: Connection, name: str, value: StampState) -> None:
    text = json.dumps(asdict(value))
    store.upsert(connection, store.meta, {"name": f"tsa:{name}", "value": text}, {"value": text})
