"""The ClickHouse URL, used by the real client."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable
from typing import Any

import clickhouse_connect
from clickhouse_connect.driver.exceptions import Error

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_client_sends_user_and_password_with_its_first_request(mint: Mint, listening: Any) -> None:
    bait = mint("clickhouse-url", base_url=listening.url)
    url = bait.text.splitlines()[0].removeprefix("CLICKHOUSE_URL=")
    with contextlib.suppress(Error, ValueError):  # the stand-in is none
        clickhouse_connect.get_client(dsn=url, interface="http").close()
    _, _, headers, body = listening.seen[0]
    pair = base64.b64decode(headers["authorization"].removeprefix("Basic ")).decode()
    assert pair == f"{bait.row['user']}:{bait.tokens[0].value}"
    assert b"version()" in body
    assert "os_user" in headers["user-agent"], "and says who runs it"
