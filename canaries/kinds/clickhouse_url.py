"""The URL of a ClickHouse server's HTTP interface, with its password."""

from __future__ import annotations

from typing import Any, ClassVar

from canaries.core.model import Bait
from canaries.kinds import Kind, Order
from canaries.kinds._databases import DATABASES, HttpLoginOptions, http_login

_USERS = ("default", "analytics", "app", "grafana", "ingest", "reporting", "metabase")


class ClickhouseUrl(Kind):
    name: ClassVar[str] = "clickhouse-url"
    title: ClassVar[str] = "A ClickHouse URL with its password"
    fired_by: ClassVar[str] = (
        "clickhouse-connect, the JDBC driver, Grafana and curl, which speak HTTP to that URL: user and password come "
        "in clear, with the queries; clickhouse-connect names the account it runs under. Silent: clickhouse-client and "
        "other users of the native protocol."
    )
    plant_hint: ClassVar[str] = (
        "In a .env, a dashboard's data source, or the settings of a job that loads data."
    )
    try_hint: ClassVar[str] = "curl '{url}/' --data-binary 'select version()' -H 'X-ClickHouse-Format: TSV'"
    Options: ClassVar[type[Any]] = HttpLoginOptions

    def mint(self, order: Order, options: HttpLoginOptions) -> Bait:
        made = http_login(order, options, _USERS)
        database = order.stream.pick("database", DATABASES)
        # Beside the URL, not in its query: clickhouse-connect takes no such parameter.
        text = f"CLICKHOUSE_URL={made.url}/\nCLICKHOUSE_DATABASE={database}\n"
        return Bait(made.tokens, text, row=made.row() | {"database": database})
