"""The Elasticsearch URL, used by the real client."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable
from typing import Any

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_client_sends_user_and_password_with_its_first_request(mint: Mint, listening: Any) -> None:
    from elasticsearch import Elasticsearch, UnsupportedProductError

    bait = mint("elasticsearch-url", base_url=listening.url)
    url = bait.text.strip().removeprefix("ELASTICSEARCH_URL=")
    with Elasticsearch(url, max_retries=0) as client, contextlib.suppress(UnsupportedProductError):
        client.info()  # the stand-in is none
    method, path, headers, _ = listening.seen[0]
    assert (method, path) == ("GET", f"/{bait.tokens[1].value}/")
    pair = base64.b64decode(headers["authorization"].removeprefix("Basic ")).decode()
    assert pair == f"{bait.row['user']}:{bait.tokens[0].value}"


def test_the_user_can_be_named(mint: Mint) -> None:
    assert "://svc_mail:" in mint("elasticsearch-url", {"user": "svc_mail"}).row["url"]
