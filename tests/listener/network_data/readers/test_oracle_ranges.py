"""Oracle: region and tags."""

from __future__ import annotations

import json
from collections.abc import Callable

from listener.network_data.readers import DataReader, NetworkAnswer

Ask = Callable[[DataReader, str], NetworkAnswer | None]


FILE = json.dumps(
    {
        "last_updated_timestamp": "2026-10-02T00:00:00",
        "regions": [{"region": "us-phoenix-1", "cidrs": [{"cidr": "129.146.0.0/21", "tags": ["OCI"]}]}],
    }
)


def said(found: NetworkAnswer | None) -> list[str]:
    return ["/".join(label.values()) for label in found.labels] if found else []


def test_what_it_says(opened: Callable[..., DataReader], ask: Ask) -> None:
    reader = opened("oracle", FILE, "list.json")
    assert said(ask(reader, "129.146.1.1")) == ["cloud/oracle/us-phoenix-1/OCI"]
    assert reader.date() == "2026-10-02"
