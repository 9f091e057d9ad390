"""IPinfo Lite: "AS15169" is a number, both topics in one file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from listener.network_data.readers import DataReader, NetworkAnswer

Ask = Callable[[DataReader, str], NetworkAnswer | None]


def test_both_topics(opened: Callable[..., DataReader], mmdb: Callable[..., Path], ask: Ask) -> None:
    record = {
        "asn": "AS15169",
        "as_name": "Google LLC",
        "as_domain": "google.com",
        "country_code": "US",
        "country": "x",
    }
    found = ask(opened("ipinfo-lite", mmdb({"8.8.8.0/24": record})), "8.8.8.8")
    assert found == NetworkAnswer("8.8.8.0/24", 15169, "Google LLC", "US")
