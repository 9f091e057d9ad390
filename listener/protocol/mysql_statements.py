"""Prepared statements of MySQL's protocol: what PREPARE is told, and EXECUTE's rows in binary form.

MySQL "Prepared Statements": COM_STMT_PREPARE and its OK, COM_STMT_EXECUTE, "Binary Protocol Resultset". The statement
is answered as `listener.protocol.sql_answers` answers its text; what is bound to it changes nothing.
"""

from __future__ import annotations

import re
import struct
from collections import OrderedDict
from collections.abc import Callable, Sequence

from listener.protocol import sql_rows
from listener.protocol.sql_answers import SqlRows

PREPARE, EXECUTE, LONG_DATA, CLOSE, RESET = 0x16, 0x17, 0x18, 0x19, 0x1A
COMMANDS = frozenset({PREPARE, EXECUTE, LONG_DATA, CLOSE, RESET})
_SILENT = frozenset({LONG_DATA, CLOSE})
_MOST = 64
"""Statements kept of one connection; the oldest is forgotten."""
_NO_PARAMETER = re.compile(r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|--[^\n]*|/\*.*?\*/", re.DOTALL)
_MOST_PARAMETERS = 1000

Answered = Callable[[str], Sequence[bytes] | SqlRows]
"""A statement's text to its rows, or to the packets that say it is done or refused."""


class PreparedStatements:
    """Those of one connection."""

    def __init__(self) -> None:
        self._texts: OrderedDict[int, str] = OrderedDict()
        self._count = 0

    def text(self, body: bytes) -> str:
        """The text of the statement that a command behind PREPARE names; empty where there is none of that number."""
        return self._texts.get(int.from_bytes(body[:4], "little"), "")

    def answer(
        self, code: int, body: bytes, answered: Answered, *, status: int, plain_end: bool
    ) -> list[bytes] | None:
        """The packets that answer a command; nothing where it gets none, None where it names no statement."""
        if code == PREPARE:
            return self._prepare(
                body.decode("utf-8", "replace"), answered, status=status, plain_end=plain_end
            )
        if code in _SILENT:
            if code == CLOSE:
                self._texts.pop(int.from_bytes(body[:4], "little"), None)
            return []
        text = self.text(body)
        if not text:
            return None
        if code == RESET:
            return [struct.pack("<BBBHH", 0, 0, 0, status, 0)]
        found = answered(text)
        if isinstance(found, SqlRows):
            return sql_rows.mysql_packets(found, status=status, plain_end=plain_end, binary=True)
        return list(found)

    def _prepare(self, text: str, answered: Answered, *, status: int, plain_end: bool) -> list[bytes]:
        found = answered(text)
        refused = not isinstance(found, SqlRows) and found and found[0][:1] == b"\xff"
        if refused and not isinstance(found, SqlRows):
            return list(found)
        self._count += 1
        self._texts[self._count] = text
        if len(self._texts) > _MOST:
            self._texts.popitem(last=False)
        parameters = min(_NO_PARAMETER.sub("", text).count("?"), _MOST_PARAMETERS)
        rows = found if isinstance(found, SqlRows) else SqlRows((), ())
        end = [] if plain_end else [struct.pack("<BHH", 0xFE, 0, status)]
        packets = [struct.pack("<BIHHBH", 0, self._count, len(rows.columns), parameters, 0, 0)]
        if parameters:
            packets += [*sql_rows.mysql_columns(SqlRows(("?",) * parameters, ())), *end]
        if rows.columns:
            packets += [*sql_rows.mysql_columns(rows), *end]
        return packets
