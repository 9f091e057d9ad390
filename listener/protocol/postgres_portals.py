"""Prepared statements and portals of PostgreSQL's extended query protocol, by name, as far as answers hang on them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from listener.protocol import postgres_messages
from listener.protocol.postgres_values import Bound
from listener.protocol.sql_answers import SqlAnswer

_MOST = 256
"""Of each that are kept; the oldest is forgotten."""


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

    def parse(self, name: bytes, statement: PreparedStatement) -> None:
        """Keep a statement."""
        _keep(self._statements, name, statement)

    def prepared(self, name: bytes) -> PreparedStatement | None:
        """The statement of this name."""
        return self._statements.get(name)

    def bind(self, portal: bytes, bound: BoundPortal) -> None:
        """Keep a portal."""
        _keep(self._portals, portal, bound)

    def described(self, kind: bytes, name: bytes) -> BoundPortal | bytes:
        """The portal that is meant, or a statement as one to which nothing is bound; or what is refused."""
        if kind == b"S":
            known = name in self._statements
            if known:
                return BoundPortal(self._statements[name])
            return postgres_messages.no_statement(name, described=True)
        if kind == b"P":
            known = name in self._portals
            return self._portals[name] if known else postgres_messages.no_portal(name, described=True)
        return postgres_messages.no_subtype("DESCRIBE", kind)

    def executed(self, name: bytes) -> BoundPortal | bytes:
        """A portal, or what is refused."""
        return self._portals[name] if name in self._portals else postgres_messages.no_portal(name)

    def close(self, kind: bytes, name: bytes) -> bytes:
        """Forget one; what is refused, or nothing."""
        if kind == b"S":
            self._statements.pop(name, None)
        elif kind == b"P":
            self._portals.pop(name, None)
        else:
            return postgres_messages.no_subtype("CLOSE", kind)
        return b""


def _keep(found: OrderedDict[bytes, Any], name: bytes, value: object) -> None:
    found[name] = value
    if len(found) > _MOST:
        found.popitem(last=False)
