"""Sensors in the operator's own databases: proposed, installed, checked, taken away.

Nothing is left of an installation that fails: its statements are one transaction where the database can do that, and
are taken back one by one where it cannot. The record is written first, so that what a kill leaves can be taken away.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from canaries.core.errors import NotFoundError, PlantError, TraplineError
from canaries.core.text import counted
from canaries.plant.rows import table
from canaries.plant.rows.table import Address
from listener.readers import DatabaseReader, ReaderError, ReaderPlan, ReaderRequest, WatchedRow, reader
from listener.sensors import installed, watches
from listener.sensors.installed import InstalledReader
from listener.sensors.planted_rows import index_marks, index_tables, planted_rows
from listener.sensors.reader_cost import ReaderCost, measured

if TYPE_CHECKING:
    from canaries.installation.home import Home


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an installation would do."""

    reader: DatabaseReader
    where: Address
    plan: ReaderPlan
    rows: tuple[WatchedRow, ...]
    costs: tuple[ReaderCost, ...] = ()
    """Measured on this server; empty where that was not wanted, or the sensor costs nothing."""


@dataclass(frozen=True, slots=True)
class CheckedReader:
    """How a sensor was found."""

    installed: InstalledReader
    problems: tuple[str, ...]
    """Sentences; empty: it is as it was installed."""
    warnings: tuple[str, ...]
    """What passes unseen on that server as it is now."""


def propose(
    home: Home,
    target: str,
    *,
    name: str = "",
    table_name: str = "",
    accepted: Sequence[str] = (),
    cost: bool = False,
) -> Proposal:
    """What would be done at ``target``; nothing is changed. Raises ReaderError, PlantError."""
    where = table.address(target, table_name)
    chosen = reader(name, where.url.get_backend_name())
    if any(one.reader == chosen.name for one in installed.of_table(home, where).values()):
        raise ReaderError(
            f"{chosen.name} is on {where.full_name} already",
            hint="after more was planted take it away first: trapline sensors uninstall",
        )
    rows = tuple(planted_rows(home, where))
    if not rows:
        raise ReaderError(
            f"nothing is planted in {where.full_name}, as this URL names it",
            hint="plant first: trapline plant ID URL; see: trapline placements",
        )
    with table.opened(where) as connection:
        request = ReaderRequest(connection, where, rows, names_for(home, where), frozenset(accepted))
        plan = chosen.plan(request)
    costs: tuple[ReaderCost, ...] = ()
    if cost:
        with table.opened(where) as connection:
            again = ReaderRequest(connection, where, rows, names_for(home, where), frozenset(accepted))
            costs = measured(chosen, plan, again)
    return Proposal(chosen, where, plan, rows, costs)


def install(
    home: Home, target: str, *, name: str = "", table_name: str = "", accepted: Sequence[str] = ()
) -> Proposal:
    """Put the sensor there; an entry says so. Raises ReaderError, PlantError; then nothing is there."""
    found = propose(home, target, name=name, table_name=table_name, accepted=accepted)
    refuse(found.plan, accepted)
    said = home.act("setting", _body("installed", found.where.public, found.reader.name, len(found.rows)))
    record = record_of(home, found.reader.name, found.where.public, found.plan, found.rows)
    path, made = installed.keep(home, record), False
    try:
        parts = _run(found)
        made = True
        installed.keep(home, installed.with_parts(record, parts))
        with home.store.write() as connection:
            index_marks(home, connection, list(found.rows))
            index_tables(home, connection, found.plan.tokens)
            home.writer.put(connection, said)
    except BaseException:
        if _taken_back(found, made=made):
            path.unlink()  # else the record stays: with it the rest can be taken away
        raise
    return found


def _taken_back(found: Proposal, *, made: bool) -> bool:
    """Take away what an installation that failed has left; whether nothing is left. ``made``: all of it was there."""
    if not made and found.where.url.get_backend_name() == "postgresql":
        return True  # it was one transaction
    try:
        _take_away(found.where, found.plan.down)
    except TraplineError:
        return False
    return True


def uninstall(
    home: Home, target: str, *, name: str = "", table_name: str = "", reason: str = ""
) -> list[str]:
    """Take the sensors of a table away; their names. Raises NotFoundError, PlantError."""
    where = table.address(target, table_name)
    found = {path: one for path, one in installed.of_table(home, where).items() if name in ("", one.reader)}
    if not found:
        raise NotFoundError(
            f"no sensor is installed on {where.full_name}", hint="see: trapline sensors check"
        )
    if any(one.watched for one in found.values()):
        raise ReaderError(
            f"real rows of {where.full_name} are watched by that sensor",
            hint="end that first, which is an entry: trapline sensors unwatch DATABASE --all",
        )
    for path, one in found.items():
        body = _body("uninstalled", where.public, one.reader, one.rows) | {"reason": reason}
        said = home.act("setting", body)
        _take_away(where, one.down)
        with home.store.write() as connection:
            home.writer.put(connection, said)
        path.unlink()
    return [one.reader for one in found.values()]


def check(home: Home, target: str = "", *, table_name: str = "") -> list[CheckedReader]:
    """Look at every sensor, or at those of one table. A database that is away is a problem, not an error."""
    wanted = table.address(target, table_name) if target else None
    found = installed.read_all(home) if wanted is None else installed.of_table(home, wanted)
    return [_checked(home, one, wanted or table.address(one.target)) for one in found.values()]


def _checked(home: Home, one: InstalledReader, where: Address) -> CheckedReader:
    problems, warnings = [], list[str]()
    if not one.parts:
        problems.append("its installation did not come to its end: uninstall it, then install it again")
    problems += _other_rows(home, one, where)
    try:
        with table.opened(where) as connection:
            for part, query in one.queries.items():
                row = connection.execution_options(no_parameters=True).exec_driver_sql(query).first()
                if row is None or row[0] is None:
                    problems.append(f"{part} is gone")
                elif one.parts and str(row[0]) != one.parts[part]:
                    problems.append(f"{part} was changed")
            chosen = reader(one.reader, where.url.get_backend_name())
            warnings += chosen.notices(connection)
    except PlantError as error:
        problems.append(error.sentence)
    if late := _past_their_end(home, where) if one.watched else 0:
        rows = counted(late, "watched row is", "watched rows are")
        warnings.append(
            f"{rows} past the end of the watch, and not recorded: watch them anew, or unwatch them"
        )
    return CheckedReader(one, tuple(problems), tuple(warnings))


def _past_their_end(home: Home, where: Address) -> int:
    with home.store.read() as connection:
        real = watches.of_table(home, connection, where)
    return sum(one.until <= home.now() for one in real if not one.words.proxied)


def _other_rows(home: Home, one: InstalledReader, where: Address) -> Iterator[str]:
    """What was planted, or is watched, since the sensor was put there."""
    rows = planted_rows(home, where)
    with home.store.read() as connection:
        found = watches.of_table(home, connection, where) if one.marks_table else []
    real = [record for record in found if not record.words.proxied]
    if marks_hash([*(row.mark for row in rows), *(row.mark for row in real)]) == one.marks:
        return
    if len(real) != one.watched:
        yield (
            f"it knows {counted(one.watched, 'watched row')}, and {len(real)} are recorded:"
            " trapline sensors unwatch DATABASE --all, then watch them again"
        )
    else:
        again = "trapline sensors refresh" if one.watched else "install it again"
        yield f"it knows {counted(one.rows, 'planted row')}, and {len(rows)} lie there: {again}"


def refuse(plan: ReaderPlan, accepted: Sequence[str]) -> None:
    for one in plan.refusals:
        if not one.word or one.word not in accepted:
            hint = (
                f"if that is as you want it: --accept {one.word}"
                if one.word
                else "use the hook in the application"
            )
            raise ReaderError(one.sentence, hint=hint)


def record_of(
    home: Home, name: str, target: str, plan: ReaderPlan, rows: Sequence[WatchedRow]
) -> InstalledReader:
    """Of a sensor that is going to be there, without the fingerprints of its parts."""
    real = sum(not row.canary for row in rows)
    return InstalledReader(
        name,
        target,
        home.now(),
        home.operator,
        len(rows) - real,
        list(plan.down),
        {},
        {one.part: one.query for one in plan.probes},
        marks_hash([row.mark for row in rows]),
        [table_name for _, table_name in plan.tokens],
        real,
        plan.marks,
    )


def _run(found: Proposal) -> dict[str, str]:
    """Carry the plan out; the fingerprints of its parts. Raises PlantError, ReaderError."""
    with table.opened(found.where, write=True) as connection:
        impatient(connection)
        return carry_out(connection, found.plan)


def carry_out(connection: Connection, plan: ReaderPlan) -> dict[str, str]:
    """The fingerprints of the parts that the plan has made, in the caller's transaction. Raises ReaderError."""
    plain = connection.execution_options(no_parameters=True)
    for statement in plan.up:
        plain.exec_driver_sql(statement)
    parts = {}
    for one in plan.probes:
        row = plain.exec_driver_sql(one.query).first()
        if row is None or row[0] is None:
            raise ReaderError(f"{one.part} is not there after it was made: nothing was installed")
        parts[one.part] = str(row[0])
    return parts


def _take_away(where: Address, down: Sequence[str]) -> None:
    with table.opened(where, write=True) as connection:
        plain = connection.execution_options(no_parameters=True)
        impatient(plain)
        for statement in down:
            plain.exec_driver_sql(statement)


def impatient(connection: Connection) -> None:
    """Somebody else's long transaction must not have all later statements queue behind this one."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
    else:
        connection.exec_driver_sql("SET SESSION lock_wait_timeout = 5")


def names_for(home: Home, where: Address) -> Callable[[str, tuple[str, ...], Set[str]], str]:
    """Names of this installation's own for this table: the same each time, and no two installations share them."""

    def name(purpose: str, words: tuple[str, ...], taken: Set[str]) -> str:
        seed = hashlib.sha256(home.keys.lookup + f"{where.public} {purpose}".encode()).hexdigest()
        chance = random.Random(seed)  # noqa: S311  no secret
        while (found := f"{chance.choice(words)}_{chance.randrange(2, 1000)}") in taken:
            pass
        return found

    return name


def marks_hash(marks: Sequence[str]) -> str:
    """To see whether they are still the same."""
    return hashlib.sha256(" ".join(sorted(marks)).encode()).hexdigest()


def _body(deed: str, target: str, name: str, rows: int) -> dict[str, object]:
    return {"section": "sensors", deed: name, "target": target, "rows": rows}
