"""The URL of a ClickHouse server's native protocol, with its password."""

from __future__ import annotations

from typing import Any, ClassVar

from canaries.core.model import Bait
from canaries.kinds import Kind, Order
from canaries.kinds._databases import LoginOptions, login

_USERS = ("default", "analytics", "app", "grafana", "ingest", "reporting", "metabase")


class ClickhouseNativeUrl(Kind):
    name: ClassVar[str] = "clickhouse-native-url"
    traps: ClassVar[tuple[str, ...]] = ("clickhouse",)
    title: ClassVar[str] = "A ClickHouse URL of the native protocol with its password"
    fired_by: ClassVar[str] = (
        "clickhouse-driver, and by its protocol clickhouse-client: user and password come in clear where a trap speaks "
        "ClickHouse there; with a query the account and the host name of the client's machine. Silent: clients of the "
        "HTTP interface, which clickhouse-url is for."
    )
    plant_hint: ClassVar[str] = "In a .env, a compose file, or the settings of a job that loads data."
    try_hint: ClassVar[str] = (
        "python -c \"import clickhouse_driver; clickhouse_driver.Client.from_url('{url}').execute('select 1')\""
    )
    Options: ClassVar[type[Any]] = LoginOptions

    def mint(self, order: Order, options: LoginOptions) -> Bait:
        made = login(order, options, "clickhouse", 9000, users=_USERS)
        url = f"clickhouse://{made.authority(0)}/{made.database}"
        return Bait(made.tokens, f"CLICKHOUSE_URL={url}\n", row=made.row(url))
