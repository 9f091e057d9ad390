"""Expressions that any account may ask a SQL server for: constants, sums, what the session knows, a few functions.

Pools, frameworks and people try a connection with ``SELECT 1 + 1``, ``SELECT NOW()`` or a function of the server. The
grammar is that of all three servers as far as these go (or, and, not, comparison, sum, product, cast, call); what it
does not know is told by its sort and name, so that each server can refuse it in its own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from listener.protocol.sql_values import EVERYWHERE, FUNCTIONS, TRUTH, SqlBound, SqlParameter, SqlValue

_DEEPEST = 24
_LARGEST = 1 << 63
_LONGEST = 1 << 16
"""Characters of a text that is put together."""
_TOKEN = re.compile(
    r"\s*(?:(?P<text>[nNeE]?'(?:[^'\\]|''|\\.)*')|(?P<number>\d+(?:\.\d+)?)|(?P<parameter>\$\d+|\?|@P\d+\b)"
    r"|(?P<name>(?:@@?)?(?:[^\W\d]|[$\"`\[])(?:[\w$.\"`\]\[])*)|(?P<sign>\|\||<>|!=|<=|>=|::|[-+*/%=<>(),]))",
    re.S,
)


class SqlUnknownError(Exception):
    """Something that the table of answers does not know. ``sort``: ``function``, ``variable``, ``column``;
    ``division``: by zero."""

    def __init__(self, sort: str, name: str) -> None:
        super().__init__(f"{sort} {name}")
        self.sort, self.name = sort, name


class _UnboundError(Exception):
    """The value hangs on a parameter to which nothing is bound yet."""

    def __init__(self, parameter: SqlParameter) -> None:
        super().__init__(parameter.number)
        self.parameter = parameter


def evaluated(text: str, values: Mapping[str, SqlValue], server: str, marks: int = 0) -> SqlValue:
    """The value; of what hangs on an unbound parameter, that.

    ``values``: by lower-case expression, bound ones as ``$1``, ``?1``, ``@p1``; ``marks``: how many ``?`` stand before.
    Raises SqlUnknownError, and ValueError on what is no expression or is beyond this grammar.
    """
    try:
        return _ExpressionReader(text, values, server, marks).whole()
    except _UnboundError as problem:
        return problem.parameter


def _known(value: SqlValue, type_: str = "") -> str | int | None:
    """What was bound in place of a parameter. ``type_``: of what is made of it. Raises _UnboundError."""
    if not isinstance(value, SqlParameter):
        return value
    if value.given is None:
        raise _UnboundError(SqlParameter(value.number, type_))
    return value.given.value


class _ExpressionReader:
    def __init__(self, text: str, values: Mapping[str, SqlValue], server: str, marks: int) -> None:
        self._values, self._server, self._depth = values, server, 0
        self._yes, self._no = TRUTH.get(server, (1, 0))
        self._tokens: list[tuple[str, str]] = []
        self._at, self._marks, at, end = 0, marks, 0, len(text.rstrip())
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None or match.lastgroup is None:
                raise ValueError("no token of an expression")
            self._tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()

    def whole(self) -> SqlValue:
        value = self._either()
        if self._at < len(self._tokens):
            raise ValueError("more than an expression")
        return value

    def _sees(self, *words: str) -> str:
        """The next token in capitals where it is one of these; it is taken."""
        kind, token = self._tokens[self._at] if self._at < len(self._tokens) else ("", "")
        if kind in ("name", "sign") and token.upper() in words:
            self._at += 1
            return token.upper()
        return ""

    def _must(self, sign: str) -> None:
        if not self._sees(sign):
            raise ValueError(f"no {sign}")

    def _is(self, value: object) -> SqlValue:
        return self._yes if value else self._no

    def _holds(self, value: SqlValue) -> bool:
        return _known(value) not in (None, 0, "", "f")

    def _either(self) -> SqlValue:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError("too deep")
        value = self._both()
        while self._sees("OR"):
            other = self._both()
            value = self._is(self._holds(value) or self._holds(other))
        self._depth -= 1
        return value

    def _both(self) -> SqlValue:
        value = self._compared()
        while self._sees("AND"):
            other = self._compared()
            value = self._is(self._holds(value) and self._holds(other))
        return value

    def _compared(self) -> SqlValue:
        turned = 0
        while self._sees("NOT"):
            turned += 1
        if turned:
            return self._is(self._holds(self._compared()) == (turned % 2 == 0))
        value = self._sum()
        if self._sees("IS"):
            wanted = not self._sees("NOT")
            self._must("NULL")
            return self._is((_known(value) is None) == wanted)
        sign = self._sees("=", "<>", "!=", "<", ">", "<=", ">=")
        if not sign:
            return value
        return self._order(sign, value, self._sum())

    def _order(self, sign: str, one: SqlValue, other: SqlValue) -> SqlValue:
        one, other = _known(one), _known(other)
        if one is None or other is None:
            return None
        if not (isinstance(one, int) and isinstance(other, int)):
            one, other = str(one), str(other)
        equal, less = one == other, one < other  # type: ignore[operator]
        found = {"=": equal, "<": less, "<=": less or equal, ">": not less and not equal, ">=": not less}
        return self._is(found.get(sign, not equal))

    def _sum(self) -> SqlValue:
        value = self._product()
        while sign := self._sees("+", "-", "||"):
            value = self._done(sign, value, self._product())
        return value

    def _product(self) -> SqlValue:
        value = self._signed()
        while sign := self._sees("*", "/", "%"):
            value = self._done(sign, value, self._signed())
        return value

    def _done(self, sign: str, one: SqlValue, other: SqlValue) -> SqlValue:
        one, other = _known(one, "int"), _known(other, "int")
        if one is None or other is None:
            return None
        texts = sign == "||" or (sign == "+" and self._server == "mssql")
        if texts and not (isinstance(one, int) and isinstance(other, int)):
            return f"{str(one)[:_LONGEST]}{other}"[:_LONGEST]
        if not isinstance(one, int) or not isinstance(other, int) or sign == "||":
            raise ValueError("no sum of these")
        if sign in "/%" and not other:
            if self._server == "mysql":
                return None
            raise SqlUnknownError("division", sign)
        if sign == "/" and self._server == "mysql":
            return f"{one / other:.4f}"
        part = abs(one) // abs(other or 1) * (1 if (one < 0) == (other < 0) else -1)
        found = {"+": one + other, "-": one - other, "*": one * other, "/": part, "%": one - part * other}
        if abs(found[sign]) >= _LARGEST:
            raise ValueError("out of range")
        return found[sign]

    def _signed(self) -> SqlValue:
        minus = False
        while sign := self._sees("-", "+"):
            minus ^= sign == "-"
        value = self._cast(self._primary())
        return self._done("*", value, -1) if minus else value

    def _cast(self, value: SqlValue) -> SqlValue:
        while self._sees("::"):
            value = self._as_type(value)
        return value

    def _as_type(self, value: SqlValue) -> SqlValue:
        kind, name = self._take()
        if kind != "name":
            raise ValueError("no type")
        if self._sees("("):
            while not self._sees(")"):
                self._take()
        while self._sees("VARYING", "PRECISION", "WITH", "WITHOUT", "TIME", "ZONE"):
            pass
        name = name.lower().removeprefix("pg_catalog.")
        if isinstance(value, SqlParameter):
            given = value.given
            if given:
                given = SqlBound(self._converted(given.value, name), given.kind, given.data)
            return SqlParameter(value.number, name, given)
        return self._converted(value, name)

    def _converted(self, value: str | int | None, name: str) -> str | int | None:
        whole = name in ("int", "integer", "int4", "int8", "int2", "bigint", "smallint", "signed", "unsigned")
        if whole and isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,18}", value):
            return int(value)
        return value

    def _take(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise ValueError("the end of an expression")
        self._at += 1
        return self._tokens[self._at - 1]

    def _primary(self) -> SqlValue:
        kind, said = self._take()
        if kind == "number":
            return int(said) if said.isdigit() and len(said) <= 18 else said
        if kind == "text":
            return said[said.index("'") + 1 : -1].replace("''", "'").replace("\\'", "'")
        if kind == "parameter":
            self._marks += 1
            digits = said.lstrip("$?@P")
            number = int(digits[:9]) if digits else self._marks
            name = f"?{number}" if said == "?" else said.lower()
            if name not in self._values and said.startswith("@"):
                raise SqlUnknownError("variable", said)
            return self._values.get(name, SqlParameter(number))
        if said == "(":
            value = self._either()
            self._must(")")
            return value
        if kind != "name":
            raise ValueError("no value")
        return self._named(said)

    def _named(self, token: str) -> SqlValue:
        name = token.lower().removeprefix("pg_catalog.")
        if name in ("null", "true", "false"):
            return {"null": None, "true": self._yes, "false": self._no}[name]
        if name == "interval" or name == "case":
            raise ValueError("beyond this grammar")
        if self._sees("("):
            return self._called(name)
        if token.startswith("@@"):
            name = re.sub(r"^@@(?:session|global|local)\.", "@@", name)
        if name in self._values:
            return self._values[name]
        if token.startswith("@") and not token.startswith("@@") and self._server == "mysql":
            return None
        if token.startswith("@"):
            raise SqlUnknownError("variable", token if self._server == "mssql" else token.strip('@"`[]'))
        raise SqlUnknownError("column", token.strip('"`[]'))

    def _called(self, name: str) -> SqlValue:
        if name in ("cast", "try_cast"):
            value = self._either()
            self._must("AS")
            value = self._as_type(value)
            self._must(")")
            return value
        arguments: list[SqlValue] = []
        while not self._sees(")"):
            if not self._sees("*", "DISTINCT"):
                arguments.append(self._either())
            self._sees(",")
        if not arguments and f"{name}()" in self._values:
            return self._values[f"{name}()"]
        if name == "current_setting" and arguments and str(arguments[0]).lower() in self._values:
            return self._values[str(arguments[0]).lower()]
        function = FUNCTIONS.get(self._server, {}).get(name) or EVERYWHERE.get(name)
        if function is None:
            raise SqlUnknownError("function", name)
        try:
            return function([_known(argument) for argument in arguments])
        except IndexError as problem:
            raise SqlUnknownError("function", name) from problem
