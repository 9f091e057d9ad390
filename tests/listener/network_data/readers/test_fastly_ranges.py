"""Fastly: both families."""

from __future__ import annotations

import json
from collections.abc import Callable

from listener.network_data.readers import DataReader, NetworkAnswer

Ask = Callable[[DataReader, str], NetworkAnswer | None]


FILE = json.dumps({"addresses": ["151.101.0.0/16"], "ipv6_addresses": ["2a04:4e40::/32"]})


def said(found: NetworkAnswer | None) -> list[str]:
    return ["/".join(label.values()) for label in found.labels] if found else []


def test_what_it_says(opened: Callable[..., DataReader], ask: Ask) -> None:
    reader = opened("fastly", FILE, "list.json")
    assert said(ask(reader, "151.101.1.1")) == ["cdn/fastly"]
    assert said(ask(reader, "2a04:4e40::1")) == ["cdn/fastly"]
