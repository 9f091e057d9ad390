"""Cloudflare's plain lists are known by their first network."""

from __future__ import annotations

from collections.abc import Callable

from listener.network_data.readers import DataReader, NetworkAnswer

Ask = Callable[[DataReader, str], NetworkAnswer | None]


FILE = "173.245.48.0/20\n104.16.0.0/13\n"


def said(found: NetworkAnswer | None) -> list[str]:
    return ["/".join(label.values()) for label in found.labels] if found else []


def test_what_it_says(opened: Callable[..., DataReader], ask: Ask) -> None:
    reader = opened("cloudflare", FILE, "ips-v4")
    assert said(ask(reader, "104.16.1.1")) == ["cdn/cloudflare"]
