"""Values that SQL traps answer with, and the functions of each server that every account may call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SqlBound:
    """A value that a client bound to a statement."""

    value: str | int | None
    """As an expression reads it; None is NULL."""
    kind: bytes = b""
    """Its type as the protocol describes a column; empty where the value's own is taken."""
    data: bytes | None = None
    """As a row of the protocol holds it; None is NULL where rows mark that elsewhere."""


@dataclass(frozen=True, slots=True)
class SqlParameter:
    """A place in a statement to which a value is bound."""

    number: int
    """As in ``$1``."""
    type: str = ""
    """What it is cast to, in lower case."""
    given: SqlBound | None = None
    """What was bound; None before."""


class SqlMoment(str):
    """A date and time of day, as its server writes it."""

    __slots__ = ("micros",)
    micros: int

    def __new__(cls, text: str, micros: int) -> SqlMoment:
        """``micros``: since the epoch."""
        made = super().__new__(cls, text)
        made.micros = micros
        return made


class SqlTruth(str):
    """A truth, as its server writes it."""

    __slots__ = ()


class SqlNumber(str):
    """A number with a fraction, as its server writes it."""

    __slots__ = ("exact",)
    exact: bool

    def __new__(cls, text: str, *, exact: bool) -> SqlNumber:
        """``exact``: a decimal, else a floating point number."""
        made = super().__new__(cls, text)
        made.exact = exact
        return made


SqlValue = str | int | SqlParameter | None
_Arguments = Sequence[SqlValue]
_LONGEST, _MOST_JOINED = 1 << 16, 256
"""Characters of a text that is put together, and values that are."""


def _first(values: _Arguments) -> SqlValue:
    return next((value for value in values if value is not None), None)


def _joined(values: _Arguments) -> SqlValue:
    return "".join(str(value)[:_LONGEST] for value in values[:_MOST_JOINED] if value is not None)[:_LONGEST]


def _of_text(change: Callable[[str], str | int]) -> Callable[[_Arguments], SqlValue]:
    return lambda values: None if values[0] is None else change(str(values[0]))


def _always(value: SqlValue) -> Callable[[_Arguments], SqlValue]:
    return lambda _: value


EVERYWHERE: dict[str, Callable[[_Arguments], SqlValue]] = {
    "lower": _of_text(str.lower),
    "upper": _of_text(str.upper),
    "trim": _of_text(str.strip),
    "length": _of_text(len),
    "char_length": _of_text(len),
    "len": _of_text(len),
    "concat": _joined,
    "coalesce": _first,
    "count": _always(1),
    "max": _first,
    "min": _first,
}
FUNCTIONS: Mapping[str, Mapping[str, Callable[[_Arguments], SqlValue]]] = {
    "postgres": {
        "set_config": lambda values: values[1],
        "quote_ident": _first,
        "pg_sleep": _always(""),
        "pg_advisory_unlock_all": _always(""),
        "pg_advisory_lock": _always(""),
        "pg_try_advisory_lock": _always(SqlTruth("t")),
        "pg_advisory_unlock": _always(SqlTruth("t")),
        "has_database_privilege": _always(SqlTruth("t")),
        "has_schema_privilege": _always(SqlTruth("t")),
        "has_table_privilege": _always(SqlTruth("f")),
        "to_regclass": _always(None),
        "obj_description": _always(None),
    },
    "mysql": {
        "ifnull": _first,
        "sleep": _always(0),
        "benchmark": _always(0),
        "load_file": _always(None),
        "convert_tz": _first,
        "found_rows": _always(1),
        "row_count": _always(-1),
        "last_insert_id": _always(0),
    },
    "mssql": {
        "isnull": _first,
        "is_srvrolemember": _always(0),
        "is_member": _always(0),
        "object_id": _always(None),
        "has_dbaccess": _always(1),
    },
}
"""By server: functions that every account may call, beside those without arguments, which a session's values hold."""
TRUTH: Mapping[str, tuple[str | int, str | int]] = {"postgres": (SqlTruth("t"), SqlTruth("f"))}
"""How a server writes truths; elsewhere they are 1 and 0."""
