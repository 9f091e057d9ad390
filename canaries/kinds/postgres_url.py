"""The URL of a PostgreSQL database, with its password."""

from __future__ import annotations

from typing import Any, ClassVar

from canaries.core.model import Bait
from canaries.kinds import Kind, Order
from canaries.kinds._databases import LoginOptions, login


class PostgresUrl(Kind):
    name: ClassVar[str] = "postgres-url"
    traps: ClassVar[tuple[str, ...]] = ("postgres",)
    title: ClassVar[str] = "A PostgreSQL URL with its password"
    fired_by: ClassVar[str] = (
        "psql, pg_dump, psycopg and scanners that check what they find: the password comes in clear where a trap "
        "speaks PostgreSQL on that port and asks for it so. Without one nothing is seen but the look-up of a host "
        "label, where a DNS trap runs, and the password when it is tried at another trap."
    )
    plant_hint: ClassVar[str] = "In a .env, a docker-compose file, a migration script or a backup job."
    try_hint: ClassVar[str] = "psql '{url}' -c 'select 1'"
    Options: ClassVar[type[Any]] = LoginOptions

    def mint(self, order: Order, options: LoginOptions) -> Bait:
        made = login(order, options, "postgres", 5432)
        url = f"postgresql://{made.authority(0)}/{made.database}"  # kingfisher 1 knows only URLs that name the port
        return Bait(made.tokens, f"DATABASE_URL={url}\n", row=made.row(url))
