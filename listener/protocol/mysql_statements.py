"""Prepared statements of MySQL's protocol: what PREPARE is told, and EXECUTE's rows in binary form.

MySQL "Prepared Statements": COM_STMT_PREPARE and its OK, COM_STMT_EXECUTE, "Binary Protocol Resultset". The statement
is answered as `listener.protocol.sql_answers` answers its text; what is bound to it changes nothing.
"""

from __future__ import annotations

import contextlib
import re
import struct
from collections import OrderedDict
from collections.abc import Callable, Sequence

from listener.protocol import mysql_auth, sql_rows
from listener.protocol.octets import Octets
from listener.protocol.sql_answers import SqlRows

PREPARE, EXECUTE, LONG_DATA, CLOSE, RESET = 0x16, 0x17, 0x18, 0x19, 0x1A
COMMANDS = frozenset({PREPARE, EXECUTE, LONG_DATA, CLOSE, RESET})
_SILENT = frozenset({LONG_DATA, CLOSE})
_MOST = 64
"""Statements kept of one connection; the oldest is forgotten."""
_LONGEST_VALUE = 65_536
"""Bytes kept of all long values together."""
_NULL, _TIMES = 0x06, frozenset({0x07, 0x0A, 0x0B, 0x0C})
_WIDTHS = {0x01: 1, 0x02: 2, 0x03: 4, 0x04: 4, 0x05: 8, 0x08: 8, 0x09: 4, 0x0D: 2}
"""Types of a value (enum_field_types): behind one byte of length, and of fixed width; all else is a string."""
_NO_PARAMETER = re.compile(r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|--[^\n]*|/\*.*?\*/", re.DOTALL)
_MOST_PARAMETERS = 1000

Answered = Callable[[str], Sequence[bytes] | SqlRows]
"""A statement's text to its rows, or to the packets that say it is done or refused."""


class PreparedStatements:
    """Those of one connection."""

    def __init__(self) -> None:
        self._texts: OrderedDict[int, str] = OrderedDict()
        self._parameters: dict[int, int] = {}
        """How many each of them takes."""
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

    def sent(self, body: bytes) -> list[bytes]:
        """The long values of the statement that is executed, whole; they hold for once."""
        number = int.from_bytes(body[:4], "little")
        return [bytes(self._long.pop(key)) for key in sorted(self._long) if key[0] == number]

    def bound(self, body: bytes) -> list[bytes]:
        """The strings among the values that EXECUTE brings ("Binary Protocol Value"), as far as they can be told."""
        count, found = self._parameters.get(int.from_bytes(body[:4], "little"), 0), list[bytes]()
        packet = Octets(body[9:])
        with contextlib.suppress(ValueError):
            null = int.from_bytes(packet.next_bytes((count + 7) // 8), "little") if count else 0
            types = [packet.number(2) & 0xFF for _ in range(count)] if count and packet.number(1) else []
            for number, kind in enumerate(types):
                if null >> number & 1 or kind == _NULL:
                    continue
                if kind in _TIMES:
                    packet.next_bytes(packet.number(1))
                elif kind in _WIDTHS:
                    packet.next_bytes(_WIDTHS[kind])
                else:
                    found.append(mysql_auth.counted(packet))
        return found

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
                number = int.from_bytes(body[:4], "little")
                self._texts.pop(number, None)
                self._parameters.pop(number, None)
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
        parameters = min(_NO_PARAMETER.sub("", text).count("?"), _MOST_PARAMETERS)
        self._count += 1
        self._texts[self._count] = text
        self._parameters[self._count] = parameters
        if len(self._texts) > _MOST:
            self._parameters.pop(self._texts.popitem(last=False)[0])
        rows = found if isinstance(found, SqlRows) else SqlRows((), ())
        end = [] if plain_end else [struct.pack("<BHH", 0xFE, 0, status)]
        packets = [struct.pack("<BIHHBH", 0, self._count, len(rows.columns), parameters, 0, 0)]
        if parameters:
            packets += [*sql_rows.mysql_columns(SqlRows(("?",) * parameters, ())), *end]
        if rows.columns:
            packets += [*sql_rows.mysql_columns(rows), *end]
        return packets
