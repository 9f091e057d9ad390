"""The Sentry DSN: key, host and project where Sentry's clients look for them."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_a_client_finds_key_and_project(mint: Mint, base_url: str) -> None:
    bait = mint("sentry-dsn", base_url=base_url)
    dsn = urlsplit(bait.row["dsn"])
    assert dsn.username == bait.tokens[0].value
    assert dsn.path.rpartition("/")[2].isdigit()
    assert dsn.hostname == bait.row["host"].partition(":")[0]


def test_tried_as_the_hint_says_the_token_arrives(tried: Callable[[str], tuple[Bait, list[str]]]) -> None:
    bait, requests = tried("sentry-dsn")
    assert bait.tokens[0].value in " ".join(requests)
