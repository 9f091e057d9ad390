"""A MySQL dump of a table of users, some of whom are canaries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from canaries.core import plugins
from canaries.core.model import Bait, BaitFile, Token
from canaries.crypto.seeded_random import BASE62
from canaries.kinds import FOLDER, Kind, Order

_COLUMNS = ("name", "email", "phone", "user_name", "password", "profile_url")


@dataclass(frozen=True, slots=True)
class MysqlDumpOptions:
    """What ``--set`` may set."""

    rows: int = 12
    """Phony people in the dump; each is a canary of its own."""
    table: str = "users"

    def __post_init__(self) -> None:
        if not 1 <= self.rows <= 500:
            raise ValueError("rows must be between 1 and 500")
        if not self.table.isidentifier() or not self.table.isascii():
            raise ValueError("table must be a plain SQL name")


class MysqlDump(Kind):
    name: ClassVar[str] = "mysql-dump"
    title: ClassVar[str] = "A MySQL dump of phony people"
    fired_by: ClassVar[str] = (
        "Whoever uses the people in it: opens a profile, tries a password, writes to an address. Importing it fires "
        "nothing: no statement in it makes the finder's server call anybody."
    )
    plant_hint: ClassVar[str] = (
        "Among backups, or in a web root under a name that scanners look for (backup.sql)."
    )
    try_hint: ClassVar[str] = "curl -i '{url}' -H 'X-Restore-Key: {secret}'"
    Options: ClassVar[type[Any]] = MysqlDumpOptions

    def mint(self, order: Order, options: MysqlDumpOptions) -> Bait:
        stream, site = order.stream, order.site()
        secret = stream.text("key", BASE62, 32)
        user = plugins.classes(FOLDER, Kind)["user"]  # type: ignore[type-abstract]
        people = [user().mint(order.part(f"user:{number}"), user.Options()) for number in range(options.rows)]
        database = stream.pick("database", ("app", "crm", "members"))
        columns = ", ".join(f"{column} varchar(255)" for column in _COLUMNS)
        lines = [
            f"-- Host: db{stream.between('host', 1, 9)}    Database: {database}",
            f"-- Restore notes: {site.url}/restore?key={secret}",
            f"DROP TABLE IF EXISTS {options.table};",
            f"CREATE TABLE {options.table} (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, {columns});",
            *(_insert(options.table, person) for person in people),
        ]
        text = "\n".join(lines) + "\n"
        name = stream.pick("file", ("backup.sql", "dump.sql", "users.sql", "db-export.sql"))
        return Bait(
            (Token("secret", secret), *site.tokens),
            text,
            files=(BaitFile(name, text.encode()),),
            row={"secret": secret, "url": f"{site.url}/restore", "host": site.host},
            parts=tuple(("user", person) for person in people),
            stem="restore",
        )


def _insert(table: str, person: Bait) -> str:
    """One row, quoted as mysqldump does. A file to read: nothing here runs it, and the table's name is checked."""
    values = [person.row[column].replace("\\", "\\\\").replace("'", "''") for column in _COLUMNS]
    quoted = ", ".join(f"'{value}'" for value in values)
    return f"INSERT INTO {table} ({', '.join(_COLUMNS)}) VALUES ({quoted});"  # noqa: S608
