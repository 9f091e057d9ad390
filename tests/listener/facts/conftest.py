"""Uses of canaries as sources of facts see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from listener.evidence.sighting import Sighting
from listener.facts import Use


@pytest.fixture
def use() -> Callable[..., Use]:
    """A hit with whatever the test names, and ordinary values for the rest."""

    def make(
        ip: str = "8.8.8.8",
        *,
        facet: str = "secret",
        agent: str | None = "curl/8.5.0",
        headers: tuple[tuple[str, str], ...] = (("Accept", "*/*"),),
        ja4: str = "",
        secure: bool = False,
        observed: dict[str, Any] | None = None,
        **more: Any,
    ) -> Use:
        sent = [("Host", "example.test"), *([("User-Agent", agent)] if agent is not None else []), *headers]
        seen: Any = {"method": "GET", "target": "/x", "user_agent": agent or "", "headers": sent}
        if ja4:
            seen["tls"] = {"ja4": ja4}
        tls: Any = {"hello": b"", "sni": ""} if secure or ja4 else None
        sighting = Sighting(
            "0" * 32, "http", 0, (ip, 1), ("127.0.0.1", 80), "tcp", b"", 0, "front", 1, 1, {}, tls=tls
        )
        fields = {
            "canary_id": "c" * 16,
            "kind": "aws-key",
            "trap": "http",
            "created_at": "2026-11-01T00:00:00.000000Z",
            "planted_at": "",
            "observed_at": "2026-11-22T12:30:00.000000Z",
            **more,
        }
        return Use(
            facet=facet, source=(ip, 40001), observed=seen | (observed or {}), sighting=sighting, **fields
        )

    return make


@pytest.fixture
def chrome() -> str:
    return (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/120.0.0.0 Safari/537.36"
    )


@pytest.fixture
def googlebot() -> str:
    return "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
