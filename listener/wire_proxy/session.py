"""What a proxy knows of one connection to a database, and of the statements on it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from listener.wire_proxy.sql_text import SettingChange, SqlText

_MOST_NAMED = 64
"""Cursors and prepared statements remembered of a connection; the oldest is forgotten."""


@dataclass(slots=True)
class SeenStatement:
    """A statement, and what its result touched so far."""

    text: str
    """Behind a cursor or EXECUTE also that of the statement which made it."""
    sql: SqlText
    began: str
    """RFC 3339, the proxy's clock."""
    reason: str
    actor: str
    """As the session had set them when it began."""
    rows: int = 0
    """In its result."""
    affected: int = 0
    """Rows that the server says it gave or changed."""
    showed: set[str] = field(default_factory=set)
    """Tables whose key column was in its result."""
    marks: list[str] = field(default_factory=list)
    """Of rows, not told yet."""
    found: list[tuple[str, str]] = field(default_factory=list)
    """(where, string) of bait, not told yet."""
    failed: str = ""
    """The server's code of the error."""
    copied: int = 0
    """Of a COPY: bytes that were given out."""
    told: set[str] = field(default_factory=set)

    @property
    def touched(self) -> bool:
        """Whether there is something to tell."""
        return bool(self.marks or self.found)

    def mark(self, mark: str) -> None:
        """A row was touched."""
        if mark not in self.told:
            self.told.add(mark)
            self.marks.append(mark)

    def bait(self, where: str, value: str) -> None:
        """A string that is bait was there."""
        if (key := f"{where} {value}") not in self.told:
            self.told.add(key)
            self.found.append((where, value))

    def taken(self) -> SeenStatement:
        """What is to be told, as a statement of its own; here it is told."""
        new = SeenStatement(self.text, self.sql, self.began, self.reason, self.actor, self.rows)
        new.marks, new.found, new.failed = self.marks, self.found, self.failed
        self.marks, self.found = [], []
        return new


@dataclass(slots=True)
class WireSession:
    """One connection."""

    client: str
    """Its address; empty for a Unix socket."""
    port: int
    certificate: str = ""
    """The name in the certificate that the client proved to have."""
    certificate_hash: str = ""
    """SHA-256, hexadecimal."""
    user: str = ""
    """Of the database."""
    method: str = ""
    """How the server had the user proven: ``scram``, ``md5``, ``caching_sha2_password`` ...; ``none``: not at all."""
    database: str = ""
    application: str = ""
    reason: str = ""
    actor: str = ""
    _local: tuple[str, str] | None = None
    """What holds again after the transaction."""
    _named: OrderedDict[str, tuple[str, SqlText]] = field(default_factory=OrderedDict)

    def begin(self, text: str, sql: SqlText, now: str) -> SeenStatement:
        """A statement as it is sent."""
        if sql.makes:
            self._named[sql.makes] = (text, sql)
            if len(self._named) > _MOST_NAMED:
                self._named.popitem(last=False)
        elif sql.uses and (made := self._named.get(sql.uses)) is not None:
            text, before = f"{text} /* of: {made[0]} */", made[1]
            sql = SqlText(
                sql.names | before.names, sql.values + before.values, before.changes, copied=before.copied
            )
        return SeenStatement(text, sql, now, self.reason, self.actor)

    def apply(self, changes: Sequence[SettingChange], parameters: Sequence[str | None] = ()) -> None:
        """What a statement that was carried out does to the session."""
        for one in changes:
            value = one.value
            if one.parameter:
                value = (parameters[one.parameter - 1 : one.parameter] or ("",))[0] or ""
            if one.local and self._local is None:
                self._local = (self.reason, self.actor)
            if one.name in ("", "reason"):
                self.reason = value
            if one.name in ("", "actor"):
                self.actor = value

    def idle(self) -> None:
        """No transaction is open: what was set for one is as before."""
        if self._local is not None:
            (self.reason, self.actor), self._local = self._local, None
