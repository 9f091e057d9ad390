"""The URL of a PostgreSQL database, with its password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from canaries.errors import MintError
from canaries.kinds import Kind, Order
from canaries.model import Bait, Token
from canaries.tokens import BASE62

_USERS = (
    "app",
    "app_rw",
    "api",
    "web",
    "service",
    "reporting",
    "backend",
    "worker",
    "etl",
    "readwrite",
    "prod_app",
)
_DATABASES = ("app", "main", "production", "prod", "core", "accounts", "members", "alerts", "crm", "billing")


@dataclass(frozen=True, slots=True)
class PostgresUrlOptions:
    """What ``--set`` may set."""

    user: str = ""
    """Empty: one of the usual names."""
    database: str = ""
    """Empty: one of the usual names."""
    port: int = 5432
    """Where your PostgreSQL trap is reached."""

    def __post_init__(self) -> None:
        if not 0 < self.port < 65536:
            raise ValueError("port must be 1 to 65535")


class PostgresUrl(Kind):
    name: ClassVar[str] = "postgres-url"
    title: ClassVar[str] = "A PostgreSQL URL with its password"
    fired_by: ClassVar[str] = (
        "psql, pg_dump, psycopg and scanners that check what they find: the password comes in clear where a trap "
        "speaks PostgreSQL on that port and asks for it so. Without one nothing is seen but the look-up of a host "
        "label, where a DNS trap runs, and the password when it is tried at another trap."
    )
    plant_hint: ClassVar[str] = "In a .env, a docker-compose file, a migration script or a backup job."
    try_hint: ClassVar[str] = "psql '{url}' -c 'select 1'"
    Options: ClassVar[type[Any]] = PostgresUrlOptions

    def mint(self, order: Order, options: PostgresUrlOptions) -> Bait:
        stream, site = order.stream, order.site()
        user = _plain(options.user or stream.pick("user", _USERS), "user")
        database = _plain(options.database or stream.pick("database", _DATABASES), "database")
        password = stream.text("password", BASE62, stream.between("length", 20, 28))
        port = "" if options.port == 5432 else f":{options.port}"
        host = f"[{site.hostname}]" if ":" in site.hostname else site.hostname
        url = f"postgresql://{user}:{password}@{host}{port}/{database}"
        # A base URL without a label in its host has nothing of this canary in the host: then the password alone tells.
        own = tuple(token for token in site.tokens if token.facet == "host")
        row = {"user": user, "password": password, "database": database, "url": url, "host": host}
        return Bait((Token("password", password), *own), f"DATABASE_URL={url}\n", row=row)


def _plain(name: str, noun: str) -> str:
    if not name.replace("_", "").replace("-", "").isalnum() or not name.isascii():
        raise MintError(f"the {noun} of a database URL has letters, digits, - and _ only")
    return name
