"""ip-location-db as CSV: country or ASN by the number of fields."""

from __future__ import annotations

from collections.abc import Callable

from listener.network_data.readers import DataReader, NetworkAnswer

Ask = Callable[[DataReader, str], NetworkAnswer | None]


FILE = '1.0.0.0,1.0.0.255,13335,"Cloudflare, Inc."\n'


def test_what_it_says(opened: Callable[..., DataReader], ask: Ask) -> None:
    reader = opened("ip-location-csv", FILE, "asn.csv")
    assert ask(reader, "1.0.0.9") == NetworkAnswer("1.0.0.0/24", 13335, "Cloudflare, Inc.")
    assert ask(reader, "1.0.1.1") is None
