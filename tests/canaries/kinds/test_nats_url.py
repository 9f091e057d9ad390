"""The NATS URL."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_url_says_all(mint: Mint) -> None:
    bait = mint("nats-url")
    url = urlsplit(bait.text.strip().removeprefix("NATS_URL="))
    assert (url.scheme, url.username, url.password) == ("nats", bait.row["user"], bait.tokens[0].value)
    assert (url.hostname, url.port) == (bait.row["host"], 4222)
