"""Expressions as MySQL computes them, as far as they hang on no table: its operators by precedence, its literals.

"Operator Precedence" and "Literal Values" of its manual. What it does not know is told by its sort and name, so that
it can be refused in MySQL's words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from listener.protocol import mysql_dates, mysql_functions, mysql_intervals, mysql_json
from listener.protocol.mysql_arithmetic import (
    LARGEST,
    LONGEST_LIKE,
    cast,
    computed,
    is_like,
    order_of,
    plain,
    same,
    told,
    truth_of,
    unquoted,
)
from listener.protocol.mysql_functions import MysqlValue, number, text
from listener.protocol.mysql_tokens import MysqlTokens
from listener.protocol.sql_effort import SqlEffort
from listener.protocol.sql_expressions import SqlUnknownError
from listener.protocol.sql_values import SqlParameter, SqlValue

_DEEPEST = 32
_MORE = {**mysql_dates.FUNCTIONS, **mysql_json.FUNCTIONS}
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("|",),
    ("&",),
    ("<<", ">>"),
    ("+", "-"),
    ("*", "/", "DIV", "%", "MOD"),
    ("^",),
)
"""Operators of two numbers, those that bind least first."""
_TYPES = frozenset(
    {"signed", "unsigned", "char", "binary", "date", "datetime", "time", "decimal", "json", "nchar"}
)


class _OpenError(Exception):
    """The value hangs on a parameter to which nothing is bound yet."""


def evaluated(
    said: str, values: Mapping[str, SqlValue], *, marks: int = 0, effort: SqlEffort | None = None
) -> SqlValue:
    """The value; NULL's type of what hangs on an unbound parameter.

    ``values``: by lower-case expression, bound ones as ``?1``; ``marks``: how many ``?`` stand before. Raises
    SqlUnknownError, MysqlCallError, SqlTooMuchError, and ValueError on what is no expression or is beyond this grammar.
    """
    reader = _MysqlReader(said, values, marks, effort or SqlEffort())
    if parameter := reader.lone():
        return parameter
    try:
        return told(reader.whole())
    except _OpenError:
        return SqlParameter(0)
    except (ArithmeticError, InvalidOperation) as problem:
        raise ValueError("beyond this grammar") from problem


class _MysqlReader:
    def __init__(self, said: str, values: Mapping[str, SqlValue], marks: int, effort: SqlEffort) -> None:
        self._values, self._marks, self._depth, self._effort = values, marks, 0, effort
        self._tokens = MysqlTokens(said)

    def lone(self) -> SqlParameter | None:
        """What is bound, where that is all there is."""
        if [kind for kind, _ in self._tokens.tokens] != ["parameter"]:
            return None
        found = self._values.get(f"?{self._marks + 1}", SqlParameter(self._marks + 1))
        return found if isinstance(found, SqlParameter) else None

    def whole(self) -> MysqlValue:
        value = self._expression()
        if self._tokens.left:
            raise ValueError("more than an expression")
        return value

    def _expression(self) -> MysqlValue:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError("too deep")
        value = self._logical(0)
        self._depth -= 1
        return value

    def _logical(self, level: int) -> MysqlValue:
        words = (("OR", "||"), ("XOR",), ("AND", "&&"))
        if level == len(words):
            return self._negated()
        value = self._logical(level + 1)
        while self._tokens.sees(*words[level]):
            one, other = truth_of(value), truth_of(self._logical(level + 1))
            if level == 1:
                value = None if one is None or other is None else one ^ other
            else:
                decides = 1 - level // 2
                value = decides if decides in (one, other) else None if None in (one, other) else 1 - decides
        return value

    def _negated(self) -> MysqlValue:
        turns = 0
        while self._tokens.sees("NOT"):
            turns += 1
        value = self._compared()
        truth = truth_of(value) if turns else None
        return value if not turns else None if truth is None else truth if turns % 2 == 0 else 1 - truth

    def _compared(self) -> MysqlValue:
        value = self._binary(0)
        while True:
            if sign := self._tokens.sees(
                "=", "<=>", "<>", "!=", "<", ">", "<=", ">=", "LIKE", "IS", "IN", "BETWEEN"
            ):
                value = self._one_comparison(sign, value)
            elif self._tokens.sees("NOT"):
                truth = truth_of(self._one_comparison(self._tokens.sees("LIKE", "IN", "BETWEEN"), value))
                value = None if truth is None else 1 - truth
            elif self._tokens.sees("REGEXP", "RLIKE"):
                raise ValueError("beyond this grammar")
            else:
                return value

    def _one_comparison(self, sign: str, value: MysqlValue) -> MysqlValue:
        if sign == "IS":
            wanted = not self._tokens.sees("NOT")
            what = self._tokens.sees("NULL", "TRUE", "FALSE", "UNKNOWN")
            truth = truth_of(value)
            found = {"TRUE": truth == 1, "FALSE": truth == 0}.get(what, value is None)
            return int(found == wanted)
        if sign == "IN":
            self._tokens.must("(")
            same_as = [same(value, one) for one in self._arguments()]
            return 1 if 1 in same_as else None if None in same_as else 0
        if sign == "BETWEEN":
            low = self._binary(0)
            self._tokens.must("AND")
            sides = order_of(value, low), order_of(self._binary(0), value)
            return None if None in sides else int(all(side is not None and side >= 0 for side in sides))
        if sign == "LIKE":
            pattern = self._binary(0)
            if value is None or pattern is None:
                return None
            self._effort.evaluate(text(value)[:LONGEST_LIKE] + text(pattern)[:LONGEST_LIKE])
            return int(is_like(text(value), text(pattern)))
        other = self._binary(0)
        if sign == "<=>":
            return int(value is other or same(value, other) == 1)
        order = order_of(value, other)
        if order is None:
            return None
        holds = {"=": order == 0, "<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}
        return int(holds.get(sign, order != 0))

    def _binary(self, level: int) -> MysqlValue:
        if level == len(_LEVELS):
            return self._signed()
        value = self._binary(level + 1)
        while sign := self._tokens.sees(*_LEVELS[level]):
            if sign in ("+", "-") and self._tokens.sees("INTERVAL"):
                value = mysql_intervals.added(sign, value, self._tokens, self._expression)
                continue
            value = computed(sign, value, self._binary(level + 1))
        return value

    def _signed(self) -> MysqlValue:
        sign = self._tokens.sees("-", "+", "~", "!", "BINARY")
        if not sign:
            value = self._primary()
            while self._tokens.sees("COLLATE"):
                self._tokens.take()
            return value
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError("too deep")
        value = self._signed()
        self._depth -= 1
        if value is None or sign in ("+", "BINARY"):
            return value
        if sign == "!":
            return int(not truth_of(value))
        return int(number(value)) ^ LARGEST - 1 if sign == "~" else -number(value)

    def _primary(self) -> MysqlValue:
        kind, said = self._tokens.take()
        if kind == "number":
            if "e" in said.lower():
                return float(said)
            return int(said) if said.isdigit() and int(said) < LARGEST else Decimal(said)
        if kind == "text":
            found = unquoted(said)
            while self._tokens.next_sort() == "text":
                found += unquoted(self._tokens.take()[1])
            return found
        if kind == "hex":
            digits = re.sub(r"^0?[xXbB]'?|'$", "", said)
            base = 16 if said[:2].lower() in ("0x", "x'") else 2
            size = (len(digits) * (4 if base == 16 else 1) + 7) // 8
            return int(digits or "0", base).to_bytes(size, "big").decode("utf-8", "replace")
        if kind == "parameter":
            self._marks += 1
            bound = self._values.get(f"?{self._marks}")
            if not isinstance(bound, SqlParameter) or bound.given is None:
                raise _OpenError
            return bound.given.value
        if said == "(":
            value = self._expression()
            self._tokens.must(")")
            return value
        if kind != "name":
            raise ValueError("no value")
        return self._named(said)

    def _named(self, token: str) -> MysqlValue:
        name = token.lower()
        if name in ("null", "true", "false"):
            return {"null": None, "true": 1, "false": 0}[name]
        if name == "case":
            return self._case()
        if name in ("date", "time", "timestamp") and self._tokens.next_sort() == "text":
            return unquoted(self._tokens.take()[1])
        if self._tokens.sees("("):
            return self._called(name.replace("`", ""))
        if name.startswith("@@"):
            name = re.sub(r"^@@(?:session|global|local|persist)\.", "@@", name.replace("`", ""))
        if name in self._values:
            return plain(self._values[name])
        if name.startswith("@") and not name.startswith("@@"):
            return self._expression() if self._tokens.sees(":=") else None
        raise SqlUnknownError(
            "variable" if name.startswith("@") else "column",
            name.lstrip("@") if "@" in name else token.replace("`", ""),
        )

    def _case(self) -> MysqlValue:
        plain = bool(self._tokens.sees("WHEN"))
        subject: MysqlValue = None
        if not plain:
            subject = self._expression()
            self._tokens.must("WHEN")
        found: MysqlValue = None
        chosen = False
        while True:
            test = self._expression()
            hit = truth_of(test) if plain else same(subject, test)
            self._tokens.must("THEN")
            value = self._expression()
            if hit == 1 and not chosen:
                found, chosen = value, True
            if not self._tokens.sees("WHEN"):
                break
        if self._tokens.sees("ELSE"):
            value = self._expression()
            found = found if chosen else value
        self._tokens.must("END")
        return found

    def _arguments(self) -> list[MysqlValue]:
        found: list[MysqlValue] = []
        while not self._tokens.sees(")"):
            if self._tokens.sees("*"):
                found.append(1)
            elif not self._tokens.sees("DISTINCT", ",", "FROM", "SEPARATOR"):
                found.append(self._expression())
        return found

    def _called(self, name: str) -> MysqlValue:
        if name in ("cast", "convert"):
            value = self._expression()
            word = self._tokens.sees("AS", ",", "USING")
            kind = self._tokens.take()[1].lower()
            while not self._tokens.sees(")"):
                self._tokens.take()
            return cast(value, kind) if word != "USING" and kind in _TYPES else value
        if name in mysql_intervals.CALLS:
            value = mysql_intervals.called(name, self._tokens, self._expression)
            self._effort.hold(value)
            return value
        arguments = self._arguments()
        if not arguments and f"{name}()" in self._values:
            return plain(self._values[f"{name}()"])
        try:
            value = mysql_functions.called(name, arguments, _MORE)
            for one in (*arguments, value):
                self._effort.hold(one)
            return value  # noqa: TRY300
        except KeyError as problem:
            raise SqlUnknownError("function", name) from problem
