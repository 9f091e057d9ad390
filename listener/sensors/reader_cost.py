"""What a reader costs on the operator's own server, measured before it is installed.

A copy of the table (its first rows and the planted ones, with their indexes) is made in a transaction that is rolled
back, so nobody else sees it and the table itself is not locked. On the copy the same statements run in turns without
and with the sensor, in one session, and the server's own clock times them; each figure is the median of the rounds'
ratios.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from sqlalchemy import Connection

from listener.readers import DatabaseReader, ReaderPlan, ReaderRequest
from listener.readers._postgres import literal, quoted

ROWS = 50_000
"""Of the copy, at most."""
ROUNDS = 7
_SCHEMA, _ROLE = "measured_copy", "measured_reader"


@dataclass(frozen=True, slots=True)
class ReaderCost:
    """One sort of statement."""

    what: str
    without_us: int
    """Microseconds on the server for one, the median of all rounds."""
    ratio: float
    """With the sensor to without it."""
    low: float
    """The second-lowest and the second-highest of the rounds' ratios: where 1 is between them, there is nothing to tell
    from noise."""
    high: float

    @property
    def sentence(self) -> str:
        """``costs 1.25 times as much (1.21 to 1.30): ...``; a gain is noise as well."""
        spread = f"{self.low:.2f} to {self.high:.2f} times as much"
        if self.low <= 1 or self.ratio <= 1:
            return f"costs nothing that {ROUNDS} rounds tell from noise ({spread}): {self.what}"
        return f"costs {self.ratio:.2f} times as much ({self.low:.2f} to {self.high:.2f}): {self.what}"


def measured(chosen: DatabaseReader, plan: ReaderPlan, request: ReaderRequest) -> tuple[ReaderCost, ...]:
    """Empty where the sensor costs other statements nothing, or the database is not PostgreSQL."""
    connection = request.connection
    if connection.dialect.name != "postgresql":
        return ()
    copy = _copied(request)
    if not (up := chosen.rehearse(plan, copy)):
        return ()
    plain = connection.execution_options(no_parameters=True)
    for statement in up:
        plain.exec_driver_sql(statement)
    full = quoted(connection, _SCHEMA, request.where.table)
    plain.exec_driver_sql(f"GRANT USAGE ON SCHEMA {_SCHEMA} TO {_ROLE}")
    plain.exec_driver_sql(f"GRANT SELECT ON {full} TO {_ROLE}")
    plain.exec_driver_sql(f"ANALYZE {full}")
    return tuple(_paired(plain, full, what, body) for what, body in _statements(request, full).items())


def _copied(request: ReaderRequest) -> ReaderRequest:
    import dataclasses

    from canaries.plant.rows.table import Address

    connection, where = request.connection, request.where
    source = quoted(connection, where.schema or "", where.table)
    full = quoted(connection, _SCHEMA, where.table)
    plain = connection.execution_options(no_parameters=True)
    plain.exec_driver_sql(f"CREATE ROLE {_ROLE} NOLOGIN")
    plain.exec_driver_sql(f"CREATE SCHEMA {_SCHEMA}")
    plain.exec_driver_sql(f"CREATE TABLE {full} (LIKE {source} INCLUDING DEFAULTS INCLUDING INDEXES)")
    chosen = " OR ".join(
        "("
        + " AND ".join(
            f"{quoted(connection, name)} = {literal(str(value))}" for name, value in row.key.items()
        )
        + ")"
        for row in request.rows
    )
    plain.exec_driver_sql(
        f"INSERT INTO {full} SELECT * FROM (SELECT * FROM {source} WHERE NOT ({chosen}) LIMIT {ROWS}) AS part"
    )
    plain.exec_driver_sql(f"INSERT INTO {full} SELECT * FROM {source} WHERE {chosen}")
    return dataclasses.replace(request, where=Address(where.url, where.table, _SCHEMA))


def _statements(request: ReaderRequest, full: str) -> dict[str, str]:
    """Each is the body of a loop in PL/pgSQL; the whole loop is timed."""
    key = quoted(request.connection, next(iter(request.rows[0].key)))
    return {
        "one row by its key": f"FOR n IN 1..500 LOOP PERFORM * FROM {full} WHERE {key} = sample[n % 50 + 1]; END LOOP",
        "a page of 100 rows": f"FOR n IN 1..100 LOOP PERFORM * FROM {full} ORDER BY {key} LIMIT 100; END LOOP",
        "the whole table": f"FOR n IN 1..3 LOOP PERFORM count(*) FROM {full}; END LOOP",
    }


def _paired(connection: Connection, full: str, what: str, body: str) -> ReaderCost:
    times = int(body.partition("1..")[2].partition(" ")[0])
    key = body.partition("WHERE ")[2].partition(" =")[0]
    some = f"sample := ARRAY(SELECT {key} FROM {full} LIMIT 50);" if key else ""
    kind = ""
    if key:  # %TYPE[] is of version 17 and later
        row = connection.exec_driver_sql(
            "SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid ="
            f" to_regclass({literal(full)}) AND quote_ident(attname) = {literal(key)}"
        ).scalar_one()
        kind = f"sample {row}[];"
    timed = (
        f"DO $timed$ DECLARE began timestamptz; {kind} BEGIN {some} {body}; began := clock_timestamp(); {body};"
        " PERFORM set_config('measured.us', round(extract(epoch FROM clock_timestamp() - began) * 1e6)::text, true);"
        " END $timed$"
    )
    without, ratios = [], []
    for turn in range(ROUNDS + 1):
        found = {}
        for state in ("NO FORCE", "FORCE") if turn % 2 else ("FORCE", "NO FORCE"):
            enable = "ENABLE" if state == "FORCE" else "DISABLE"
            connection.exec_driver_sql(f"ALTER TABLE {full} {enable} ROW LEVEL SECURITY")
            connection.exec_driver_sql(f"SET LOCAL ROLE {_ROLE}")
            connection.exec_driver_sql(timed)
            found[state] = max(
                1, int(connection.exec_driver_sql("SELECT current_setting('measured.us')").scalar_one())
            )
            connection.exec_driver_sql("RESET ROLE")
        if turn:  # the first warms caches
            without.append(found["NO FORCE"] / times)
            ratios.append(found["FORCE"] / found["NO FORCE"])
    ratios.sort()
    median, low, high = (round(one, 2) for one in (statistics.median(ratios), ratios[1], ratios[-2]))
    return ReaderCost(what, round(statistics.median(without)), median, low, high)
