"""The contract of a reader: one file in this folder makes a database itself notice that planted rows are read.

`DatabaseReader.plan` looks and decides, and changes nothing; the plan holds the statements that put the sensor there,
those that take it away again so that the schema's dump is the same as before, and what can be asked to see that it is
still there. What a reader writes goes to the server's own log (`listener.readers.mark` says in which form), and only
there: no table is written, so that a rolled-back or read-only statement is noticed too.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from canaries.core.errors import TraplineError
from canaries.core.plugins import classes

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from canaries.plant.rows.table import Address

FOLDER = __name__


class ReaderError(TraplineError):
    """A sensor cannot be put into this database, or out of it. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class WatchedRow:
    """A planted row, or a real one whose look-ups are recorded, as its sensor knows it."""

    canary: str
    """Id of the canary; empty for a real row."""
    key: dict[str, Any]
    """What finds the row: column to value."""
    mark: str
    """What the log says in its place: 32 hexadecimal digits that tell only this installation whose row it is."""


@dataclass(frozen=True, slots=True)
class ReaderRequest:
    """What is to be watched."""

    connection: Connection
    """To the operator's database; in a transaction that is rolled back after planning."""
    where: Address
    """The table."""
    rows: tuple[WatchedRow, ...]
    name: Callable[[str, tuple[str, ...], Set[str]], str]
    """(purpose, words that databases use, names that are taken) to a name that does not say what it is for."""
    accepted: frozenset[str] = frozenset()
    """Words of `Refusal` that the operator accepts."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a sensor is not installed unless the operator says otherwise."""

    word: str
    """For ``--accept WORD``; empty where nothing helps."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Probe:
    """A question by which a part of the sensor is found again."""

    part: str
    """In words: ``the policy``."""
    query: str
    """One row, one column: a fingerprint. No row: it is gone."""


@dataclass(frozen=True, slots=True)
class ReaderPlan:
    """What is going to happen; nothing has happened yet."""

    up: tuple[str, ...]
    """Statements, in order."""
    down: tuple[str, ...]
    """Statements that take away what ``up`` made, also where only some of it is there."""
    probes: tuple[Probe, ...]
    refusals: tuple[Refusal, ...] = ()
    warnings: tuple[str, ...] = ()
    """What passes unseen on this server, and what will look like a read."""
    follow: str = ""
    """Which log to follow, in one sentence."""
    tokens: tuple[tuple[str, str], ...] = ()
    """(canary, name) of each table made for the sensor: what a log names when it is read."""
    marks: str = ""
    """The table of marks, quoted, with the columns ``item`` (the row's key) and ``mark``; empty where there is none."""


class DatabaseReader(ABC):
    """One sort of sensor in one sort of database. Holds no state."""

    name: ClassVar[str]
    title: ClassVar[str]
    """What it is, for messages."""
    backends: ClassVar[tuple[str, ...]]
    """``postgresql``, ``mysql``, ``mariadb``."""
    rank: ClassVar[int] = 50
    """Of the readers for a database the one with the lowest rank is taken where none is named."""
    log: ClassVar[str]
    """The sort of log (`listener.logs`) that holds what it writes."""
    watches: ClassVar[bool] = False
    """Whether it can also tell of real rows, which stay where they are: its plan then names the table of marks."""

    @abstractmethod
    def plan(self, request: ReaderRequest) -> ReaderPlan:
        """Decide. Raises ReaderError where the sensor cannot work there at all."""

    def notices(self, connection: Connection) -> list[str]:
        """What passes unseen on this server as it is set up now, as sentences."""
        return []

    def rehearse(self, plan: ReaderPlan, request: ReaderRequest) -> tuple[str, ...]:
        """Statements that put the same sensor on a copy of the table, to measure what it costs; empty: it costs the
        statements of others nothing."""
        return ()


def watching_reader(backend: str) -> DatabaseReader:
    """The reader for ``backend`` that can tell of real rows. Raises ReaderError where there is none."""
    for one in _readers(backend):
        if one.watches:
            return one
    raise ReaderError(
        f"no sensor that {backend} itself could run tells of single real rows, as PostgreSQL's row-policy does",
        hint="have the application record these look-ups",
    )


def _readers(backend: str) -> list[DatabaseReader]:
    known = [one() for one in classes(FOLDER, DatabaseReader).values() if backend in one.backends]  # type: ignore[type-abstract]
    return sorted(known, key=lambda one: (one.rank, one.name))


def reader(name: str, backend: str) -> DatabaseReader:
    """The reader called ``name`` for ``backend``; with an empty name the usual one. Raises ReaderError."""
    known = _readers(backend)
    for one in known:
        if name in ("", one.name):
            return one
    if not known:
        raise ReaderError(
            f"there is no sensor that {backend} itself could run",
            hint="use the hook in the application: docs/sensors.md",
        )
    raise ReaderError(
        f"there is no sensor called {name!r} for {backend}",
        hint=f"choose from: {', '.join(one.name for one in known)}",
    )
