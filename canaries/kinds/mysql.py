"""A MySQL or MariaDB login: option file and URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from canaries.core.model import Bait, BaitFile
from canaries.kinds import Kind, Order
from canaries.kinds._databases import LoginOptions, login


@dataclass(frozen=True, slots=True)
class MysqlOptions(LoginOptions):
    """What ``--set`` may set."""

    unique_user: bool = True
    """A user name as Vault's database engine makes it: it tells on its own, where a client shows only a scramble. Not
    with a ``user`` of your own."""


class Mysql(Kind):
    name: ClassVar[str] = "mysql"
    traps: ClassVar[tuple[str, ...]] = ("mysql",)
    title: ClassVar[str] = "A MySQL or MariaDB login: .my.cnf and URL"
    fired_by: ClassVar[str] = (
        "mysql, mysqldump, PyMySQL and whatever speaks caching_sha2_password: the password comes whole, over TLS or "
        "under the trap's RSA key, where a trap speaks MySQL there. Clients that know mysql_native_password only "
        "show user and scramble: then the user is what tells, a unique one unless you name one."
    )
    plant_hint: ClassVar[str] = (
        "As ~/.my.cnf of an operator or a backup job; the URL in a .env or a compose file."
    )
    try_hint: ClassVar[str] = (
        "mariadb -h {host} -P {port} -u {user} -p'{password}' {database} -e 'show tables'"
    )
    Options: ClassVar[type[Any]] = MysqlOptions
    earlier_defaults: ClassVar[Mapping[str, str]] = {"unique_user": "false"}

    def mint(self, order: Order, options: MysqlOptions) -> Bait:
        options = replace(options, unique_user=options.unique_user and not options.user)
        made = login(order, options, "mysql", 3306)
        url = f"mysql://{made.authority(3306)}/{made.database}"
        # [client] is read by mysqldump too, which takes no database there.
        text = (
            f"[client]\nuser={made.user}\npassword={made.password}\nhost={made.hostname}\nport={made.port}\n\n"
            f"[mysql]\ndatabase={made.database}\n"
        )
        return Bait(
            made.tokens,
            f"DATABASE_URL={url}\n",
            (BaitFile(".my.cnf", text.encode()),),
            {**made.row(url), "port": str(made.port), "host": made.hostname},
        )
