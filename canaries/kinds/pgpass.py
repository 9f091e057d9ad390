"""PostgreSQL's password file, with the service file that names the server."""

from __future__ import annotations

from typing import Any, ClassVar

from canaries.core.model import Bait, BaitFile
from canaries.kinds import Kind, Order
from canaries.kinds._databases import LoginOptions, login

_SERVICES = ("prod", "production", "primary", "main", "reporting", "backup")


class Pgpass(Kind):
    name: ClassVar[str] = "pgpass"
    traps: ClassVar[tuple[str, ...]] = ("postgres",)
    title: ClassVar[str] = "PostgreSQL's .pgpass with the .pg_service.conf beside it"
    fired_by: ClassVar[str] = (
        "psql, pg_dump and whatever else uses libpq, with service=NAME or with the host named: libpq finds the "
        "password by itself and hands it over in clear where a trap speaks PostgreSQL there. Drivers of their own "
        "(JDBC, node-pg without pgpass) read neither file."
    )
    plant_hint: ClassVar[str] = "In the home folder of whoever runs backups, or in a backup of one."
    try_hint: ClassVar[str] = (
        "PGPASSWORD={password} psql 'host={host} port={port} dbname={database} user={user}' -c 'select 1'"
    )
    Options: ClassVar[type[Any]] = LoginOptions

    def mint(self, order: Order, options: LoginOptions) -> Bait:
        made = login(order, options, "postgres", 5432)
        service = order.stream.pick("service", _SERVICES)
        # libpq, "The Password File": a colon within a field is escaped.
        host = made.hostname.replace(":", r"\:")
        line = f"{host}:{made.port}:{made.database}:{made.user}:{made.password}\n"
        values = f"host={made.hostname}\nport={made.port}\ndbname={made.database}\nuser={made.user}\n"
        row = made.row(f"postgresql://{made.authority(5432)}/{made.database}")
        return Bait(
            made.tokens,
            line,
            # libpq reads no .pgpass that others may read.
            (
                BaitFile(".pgpass", line.encode()),
                BaitFile(".pg_service.conf", f"[{service}]\n{values}".encode(), 0o644),
            ),
            {**row, "port": str(made.port), "service": service, "host": made.hostname},
            stem="db",
        )
