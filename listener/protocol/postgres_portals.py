"""Prepared statements and portals of PostgreSQL's extended query protocol, by name, as far as answers hang on them."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from listener.protocol import postgres_messages
from listener.protocol.sql_answers import SqlAnswer

_MOST = 256
"""Of each that are kept; the oldest is forgotten."""


class Portals:
    """Those of one connection. A name that there is not gives an ErrorResponse."""

    def __init__(self) -> None:
        self._statements: OrderedDict[bytes, SqlAnswer | None] = OrderedDict()
        self._portals: OrderedDict[bytes, tuple[SqlAnswer | None, list[int]]] = OrderedDict()

    def parse(self, name: bytes, answer: SqlAnswer | None) -> None:
        """Keep what a statement will answer."""
        _keep(self._statements, name, answer)

    def bind(self, portal: bytes, statement: bytes, formats: list[int]) -> bytes:
        """Make a portal of a statement; what is refused, or nothing."""
        if statement not in self._statements:
            return postgres_messages.no_statement(statement)
        _keep(self._portals, portal, (self._statements[statement], formats))
        return b""

    def described(self, kind: bytes, name: bytes) -> SqlAnswer | bytes | None:
        """The answer that a statement or a portal stands for, or what is refused."""
        if kind == b"S":
            known = name in self._statements
            return self._statements[name] if known else postgres_messages.no_statement(name, described=True)
        if kind == b"P":
            known = name in self._portals
            return self._portals[name][0] if known else postgres_messages.no_portal(name, described=True)
        return postgres_messages.no_subtype("DESCRIBE", kind)

    def executed(self, name: bytes) -> tuple[SqlAnswer | None, list[int]] | bytes:
        """A portal's answer and the formats of its columns, or what is refused."""
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
