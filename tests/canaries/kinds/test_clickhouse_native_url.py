"""The native ClickHouse URL, read by the real driver."""

from __future__ import annotations

from collections.abc import Callable

from clickhouse_driver.util.helpers import parse_url

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_driver_reads_it(mint: Mint) -> None:
    bait = mint("clickhouse-native-url", {"port": 9001})
    host, found = parse_url(bait.text.strip().removeprefix("CLICKHOUSE_URL="))
    assert (host, found["port"], found["database"]) == (bait.row["host"], 9001, bait.row["database"])
    assert (found["user"], found["password"]) == (bait.row["user"], bait.tokens[0].value)
