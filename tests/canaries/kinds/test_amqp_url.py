"""An AMQP URL as clients read it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from canaries.core.model import Bait


def test_clients_read_the_url_as_it_was_meant(mint: Callable[..., Bait]) -> None:
    pika = pytest.importorskip("pika")
    bait = mint("amqp-url", {"port": 5673})
    read = pika.URLParameters(bait.row["url"])
    assert (read.host, read.port, read.virtual_host) == (bait.row["host"], 5673, bait.row["database"])
    assert (read.credentials.username, read.credentials.password) == (bait.row["user"], bait.tokens[0].value)


def test_the_port_is_named_only_where_it_is_not_the_usual_one(mint: Callable[..., Bait]) -> None:
    assert urlsplit(mint("amqp-url").row["url"]).port is None
    assert urlsplit(mint("amqp-url", ports={"amqp": 5999}).row["url"]).port == 5999


def test_the_line_goes_into_an_env_file(mint: Callable[..., Bait]) -> None:
    carried = mint("env-file", {"parts": ("amqp-url",)})
    assert carried.parts[0][1].text in carried.text
