"""Remote procedure calls of [MS-TDS] (section 2.2.6.6): which procedure, with which values.

Clients run a statement with parameters as a call of ``sp_executesql`` or its like, named by its number.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from listener.protocol import tds_values
from listener.protocol.octets import Octets
from listener.protocol.sql_values import SqlBound, SqlParameter

EXECUTE_SQL, PREPARE, EXECUTE, PREPARE_EXECUTE, UNPREPARE = 10, 11, 12, 13, 15
_NUMBERED = 0xFFFF
_NAMES = {
    1: "sp_cursor", 2: "sp_cursoropen", 3: "sp_cursorprepare", 4: "sp_cursorexecute", 5: "sp_cursorprepexec",
    6: "sp_cursorunprepare", 7: "sp_cursorfetch", 8: "sp_cursoroption", 9: "sp_cursorclose",
    EXECUTE_SQL: "sp_executesql", PREPARE: "sp_prepare", EXECUTE: "sp_execute", PREPARE_EXECUTE: "sp_prepexec",
    14: "sp_prepexecrpc", UNPREPARE: "sp_unprepare",
}  # fmt: skip
_NUMBERS = {name: number for number, name in _NAMES.items()}
_MORE = frozenset({0x80, 0xFF, 0xFE})
"""What stands between two calls of one message."""
_DECLARED = re.compile(r"@[\w$#]+")
_MOST_PARAMETERS, _MOST_CALLS, _MOST_KEPT = 2100, 64, 256
_LONGEST_KEPT = 4096
"""Characters of a prepared statement, as many as are looked at, and of what declares its parameters."""
_MOST_TEXT = 1 << 19
"""Characters of all that are kept; the oldest are forgotten."""
_LONGEST_NAME = 128


@dataclass(frozen=True, slots=True)
class TdsParameter:
    """One of a call."""

    name: str
    """With its ``@``; empty where it counts by its place."""
    output: bool
    given: SqlBound


@dataclass(frozen=True, slots=True)
class TdsCall:
    """One procedure that is called."""

    procedure: str
    parameters: Sequence[TdsParameter]

    @property
    def number(self) -> int:
        """Of a procedure that has one; else 0."""
        return _NUMBERS.get(self.procedure.rpartition(".")[2].lower(), 0)


@dataclass(frozen=True, slots=True)
class TdsStatement:
    """A statement that is run, with what is bound to it."""

    text: str
    handle: int = 0
    """By which it is prepared, where that is told; else 0."""
    bound: Sequence[tuple[str, SqlParameter]] = ()
    runs: bool = True
    """Whether it is run now."""


def calls(body: bytes) -> list[TdsCall]:
    """The calls of one message behind its headers. Raises ValueError where that is not all of it."""
    source, found = Octets(body), list[TdsCall]()
    while source.left and len(found) < _MOST_CALLS:
        length = source.number(2)
        if length == _NUMBERED:
            number = source.number(2)
            name = _NAMES.get(number, str(number))
        else:
            name = _text(source, length)
        source.next_bytes(2)
        parameters = list[TdsParameter]()
        while source.left and source.slice(source.at, 1)[0] not in _MORE:
            if len(parameters) == _MOST_PARAMETERS:
                raise ValueError("too many parameters")
            of = _text(source, source.number(1))
            output = bool(source.number(1) & 1)
            parameters.append(TdsParameter(of, output, tds_values.value_of(source)))
        found.append(TdsCall(name, parameters))
        if source.left:
            source.next_bytes(1)
    return found


def _text(source: Octets, characters: int) -> str:
    if characters > _LONGEST_NAME * 8:
        raise ValueError("the name is too long")
    return source.next_bytes(2 * characters).decode("utf-16-le", "backslashreplace")


def shown(call: TdsCall, statement: TdsStatement | None) -> dict[str, object]:
    """What a client is seen to do: statement or procedure, and the values as text, NULL as None."""
    said = {"query": statement.text} if statement else {"command": call.procedure}
    given = [parameter.given for parameter in call.parameters]
    if statement:
        given = [parameter.given for _, parameter in statement.bound if parameter.given]
    values = [None if value.value is None else str(value.value) for value in given]
    return {"procedure": call.procedure, **said, **({"parameters": values} if values else {})}


class TdsStatements:
    """What one connection has prepared by calls."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[str, str]] = OrderedDict()
        """Handle to text and what declares its parameters."""
        self._count = 0

    def statement(self, call: TdsCall) -> TdsStatement | None:
        """What a call runs, prepares or forgets; None where it does not do that, or names no handle there is."""
        given = [parameter.given for parameter in call.parameters]
        number = call.number
        if number == EXECUTE_SQL and given:
            declared = _declared(_words(given[1])) if len(given) > 1 else []
            return TdsStatement(_words(given[0]), bound=_named(declared, call.parameters[2:]))
        if number in (PREPARE, PREPARE_EXECUTE) and len(given) > 2:
            text, declared = _words(given[2]), _declared(_words(given[1]))
            self._keep(text, _words(given[1]))
            runs = number == PREPARE_EXECUTE
            return TdsStatement(
                text, self._count, _named(declared, call.parameters[3:]) if runs else (), runs
            )
        if number in (EXECUTE, UNPREPARE) and given and isinstance(given[0].value, int):
            kept = self._kept.get(given[0].value)
            if kept and number == UNPREPARE:
                del self._kept[given[0].value]
            if kept:
                runs = number == EXECUTE
                return TdsStatement(
                    kept[0], 0, _named(_declared(kept[1]), call.parameters[1:]) if runs else (), runs
                )
        return None

    def _keep(self, text: str, declared: str) -> None:
        self._count += 1
        self._kept[self._count] = text[:_LONGEST_KEPT], declared[:_LONGEST_KEPT]
        while (
            len(self._kept) > _MOST_KEPT
            or sum(len(one) + len(of) for one, of in self._kept.values()) > _MOST_TEXT
        ):
            self._kept.popitem(last=False)


def _words(given: SqlBound) -> str:
    return "" if given.value is None else str(given.value)


def _declared(said: str) -> list[str]:
    return [found[0].lower() for found in _DECLARED.finditer(said[:_LONGEST_KEPT])]


def _named(declared: Sequence[str], parameters: Sequence[TdsParameter]) -> list[tuple[str, SqlParameter]]:
    """By their own names, else in the order in which they were declared; nameless where that is not so many."""
    found = []
    for place, parameter in enumerate(parameters):
        name = parameter.name.lower() or (declared[place] if place < len(declared) else "")
        found.append((name, SqlParameter(place + 1, given=parameter.given)))
    return found
