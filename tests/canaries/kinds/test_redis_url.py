"""The Redis URL, read by the real library."""

from __future__ import annotations

from collections.abc import Callable

from redis.connection import parse_url

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_library_reads_it(mint: Mint) -> None:
    bait = mint("redis-url", {"port": 6380})
    found = parse_url(bait.text.strip().removeprefix("REDIS_URL="))
    assert (found["username"], found["password"]) == (bait.row["user"], bait.tokens[0].value)
    assert (found["host"], found["port"], found["db"]) == (bait.row["host"], 6380, int(bait.row["database"]))
