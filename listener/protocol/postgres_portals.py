"""Prepared statements and portals of PostgreSQL's extended query protocol, by name, as far as answers hang on them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from listener.protocol import postgres_messages
from listener.protocol.postgres_values import Bound
from listener.protocol.sql_answers import SqlAnswer

_MOST = 256
"""Of each that are kept; the oldest is forgotten."""
_LONGEST_NAME = 63
"""Bytes by which the server knows one from the other (NAMEDATALEN)."""
_MOST_BYTES = 1 << 20
"""Of the values bound to all portals together; the oldest are forgotten."""


@dataclass(frozen=True, slots=True)
class PreparedStatement:
    """What a statement will answer."""

    answer: SqlAnswer | None
    types: Sequence[int] = ()
    """Of its parameters."""
    words: str = ""
    """Its text, where its answer hangs on what is bound to it."""


@dataclass(frozen=True, slots=True)
class BoundPortal:
    """A statement with what was bound to it."""

    statement: PreparedStatement
    values: Bound = ()
    formats: Sequence[int] = ()
    """How its columns are wanted."""


class Portals:
    """Those of one connection. A name that there is not gives an ErrorResponse."""

    def __init__(self) -> None:
        self._statements: OrderedDict[bytes, PreparedStatement] = OrderedDict()
        self._portals: OrderedDict[bytes, BoundPortal] = OrderedDict()
        self._held = 0
        """Bytes bound to them."""

    def parse(self, name: bytes, statement: PreparedStatement) -> None:
        """Keep a statement."""
        self._statements[name[:_LONGEST_NAME]] = statement
        if len(self._statements) > _MOST:
            self._statements.popitem(last=False)

    def prepared(self, name: bytes) -> PreparedStatement | None:
        """The statement of this name."""
        return self._statements.get(name[:_LONGEST_NAME])

    def bind(self, portal: bytes, bound: BoundPortal) -> None:
        """Keep a portal."""
        self._drop(portal)
        self._portals[portal[:_LONGEST_NAME]] = bound
        self._held += _size(bound)
        while len(self._portals) > 1 and (self._held > _MOST_BYTES or len(self._portals) > _MOST):
            self._drop(next(iter(self._portals)))

    def _drop(self, name: bytes) -> None:
        known = self._portals.pop(name[:_LONGEST_NAME], None)
        self._held -= _size(known) if known is not None else 0

    def end(self) -> None:
        """A transaction is over, and with it all its portals."""
        self._portals.clear()
        self._held = 0

    def described(self, kind: bytes, name: bytes) -> BoundPortal | bytes:
        """The portal that is meant, or a statement as one to which nothing is bound; or what is refused."""
        if kind == b"S":
            known = self.prepared(name)
            if known is not None:
                return BoundPortal(known)
            return postgres_messages.no_statement(name, described=True)
        if kind == b"P":
            portal = self._portals.get(name[:_LONGEST_NAME])
            return portal or postgres_messages.no_portal(name, described=True)
        return postgres_messages.no_subtype("DESCRIBE", kind)

    def executed(self, name: bytes) -> BoundPortal | bytes:
        """A portal, or what is refused."""
        return self._portals.get(name[:_LONGEST_NAME]) or postgres_messages.no_portal(name)

    def close(self, kind: bytes, name: bytes) -> bytes:
        """Forget one; what is refused, or nothing."""
        if kind == b"S":
            self._statements.pop(name[:_LONGEST_NAME], None)
        elif kind == b"P":
            self._drop(name)
        else:
            return postgres_messages.no_subtype("CLOSE", kind)
        return b""


def _size(portal: BoundPortal) -> int:
    return sum(64 + len(value[0]) for value in portal.values if value is not None)
