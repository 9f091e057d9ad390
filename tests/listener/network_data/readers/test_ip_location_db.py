"""ip-location-db's flat records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from listener.network_data.readers import DataReader, NetworkAnswer

Ask = Callable[[DataReader, str], NetworkAnswer | None]


def test_flat_records(opened: Callable[..., DataReader], mmdb: Callable[..., Path], ask: Ask) -> None:
    reader = opened("ip-location-db", mmdb({"8.8.8.0/24": {"country_code": "US"}}))
    assert ask(reader, "8.8.8.8") == NetworkAnswer("8.8.8.0/24", country="US")
