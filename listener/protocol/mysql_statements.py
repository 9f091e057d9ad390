"""Prepared statements of MySQL's protocol: what PREPARE is told, and EXECUTE's rows in binary form.

MySQL "Prepared Statements": COM_STMT_PREPARE and its OK, COM_STMT_EXECUTE, "Binary Protocol Resultset". The statement
is answered as `listener.protocol.sql_answers` answers its text with what is bound to it.
"""

from __future__ import annotations

import contextlib
import re
import struct
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from listener.protocol import mysql_parameters, sql_rows
from listener.protocol.octets import Octets
from listener.protocol.sql_answers import SqlRows
from listener.protocol.sql_values import SqlBound, SqlParameter

PREPARE, EXECUTE, LONG_DATA, CLOSE, RESET = 0x16, 0x17, 0x18, 0x19, 0x1A
COMMANDS = frozenset({PREPARE, EXECUTE, LONG_DATA, CLOSE, RESET})
_SILENT = frozenset({LONG_DATA, CLOSE})
_MOST = 64
"""Statements kept of one connection; the oldest is forgotten."""
_LONGEST_TEXT, _MOST_TEXT = 65_536, 1 << 19
"""Characters kept of one, and of all together."""
_LONGEST_VALUE = 65_536
"""Bytes kept of all long values together."""
_NO_PARAMETER = re.compile(
    r"'(?:[^'\\]|\\(?:.|\Z)|'')*(?:'|\Z)|\"(?:[^\"\\]|\\(?:.|\Z))*(?:\"|\Z)|`[^`]*(?:`|\Z)|--[^\n]*|/\*.*?(?:\*/|\Z)",
    re.DOTALL,
)
"""What is not closed goes to the end, as with the server."""
_MOST_PARAMETERS = 1000

Answered = Callable[[str, Mapping[str, SqlParameter]], Sequence[bytes] | SqlRows]
"""A statement's text, with what is bound to it, to its rows, or to the packets that say it is done or refused."""


class PreparedStatements:
    """Those of one connection."""

    def __init__(self) -> None:
        self._texts: OrderedDict[int, str] = OrderedDict()
        self._parameters: dict[int, int] = {}
        """How many each of them takes."""
        self._types: dict[int, list[int]] = {}
        """Of the values of each, as they were last told."""
        self._count = 0
        self._long: dict[tuple[int, int], bytearray] = {}
        """Values that were sent in pieces, by statement and parameter, as far as they are kept."""

    def send(self, body: bytes) -> None:
        """A piece of a long value (COM_STMT_SEND_LONG_DATA)."""
        key = int.from_bytes(body[:4], "little"), int.from_bytes(body[4:6], "little")
        if key in self._long or len(self._long) < _MOST:
            piece = body[6:]
            value = self._long.setdefault(key, bytearray())
            value += piece[: max(0, _LONGEST_VALUE - sum(map(len, self._long.values())))]

    def bound(self, body: bytes) -> list[SqlBound]:
        """The values with which EXECUTE is called, as far as they can be told; those sent in pieces hold for once."""
        number = int.from_bytes(body[:4], "little")
        kept = [key for key in self._long if key[0] == number]
        pieces = {key[1]: bytes(self._long.pop(key)) for key in kept}
        if (
            number not in self._parameters
        ):  # refused when it was prepared, and the client did not wait for that
            return [mysql_parameters.sent(pieces[key]) for key in sorted(pieces)]
        packet, count = Octets(body[9:]), self._parameters[number]
        with contextlib.suppress(ValueError):
            nulls = int.from_bytes(packet.next_bytes((count + 7) // 8), "little") if count else 0
            if count and packet.number(1):
                self._types[number] = [packet.number(2) for _ in range(count)]
            return mysql_parameters.bound(packet, self._types.get(number, ()), nulls, pieces)
        return []

    def _forget(self, number: int) -> None:
        for kept in (self._texts, self._parameters, self._types):
            kept.pop(number, None)

    def text(self, body: bytes) -> str:
        """The text of the statement that a command behind PREPARE names; empty where there is none of that number."""
        return self._texts.get(int.from_bytes(body[:4], "little"), "")

    def answer(
        self,
        code: int,
        body: bytes,
        answered: Answered,
        *,
        status: int,
        plain_end: bool,
        values: Sequence[SqlBound] = (),
    ) -> list[bytes] | None:
        """The packets that answer a command; nothing where it gets none, None where it names no statement.

        ``values``: what EXECUTE has bound.
        """
        if code == PREPARE:
            return self._prepare(
                body.decode("utf-8", "replace"), answered, status=status, plain_end=plain_end
            )
        if code in _SILENT:
            if code == CLOSE:
                number = int.from_bytes(body[:4], "little")
                self._forget(number)
            return []
        text = self.text(body)
        if not text:
            return None
        if code == RESET:
            return [struct.pack("<BBBHH", 0, 0, 0, status, 0)]
        found = answered(text, mysql_parameters.named(values))
        if isinstance(found, SqlRows):
            return sql_rows.mysql_packets(found, status=status, plain_end=plain_end, binary=True)
        return list(found)

    def _prepare(self, text: str, answered: Answered, *, status: int, plain_end: bool) -> list[bytes]:
        text = text[:_LONGEST_TEXT]
        found = answered(text, {})
        refused = not isinstance(found, SqlRows) and found and found[0][:1] == b"\xff"
        if refused and not isinstance(found, SqlRows):
            return list(found)
        parameters = min(_NO_PARAMETER.sub("", text).count("?"), _MOST_PARAMETERS)
        self._count += 1
        self._texts[self._count] = text
        self._parameters[self._count] = parameters
        while len(self._texts) > _MOST or sum(map(len, self._texts.values())) > _MOST_TEXT:
            self._forget(next(iter(self._texts)))
        rows = found if isinstance(found, SqlRows) else SqlRows((), ())
        end = [] if plain_end else [struct.pack("<BHH", 0xFE, 0, status)]
        packets = [struct.pack("<BIHHBH", 0, self._count, len(rows.columns), parameters, 0, 0)]
        if parameters:
            packets += [*sql_rows.mysql_columns(SqlRows(("?",) * parameters, ())), *end]
        if rows.columns:
            packets += [*sql_rows.mysql_columns(rows), *end]
        return packets
