"""GeoLite2 ASN, Country and City, and DB-IP: each answers what it holds; places are not read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from listener.network_data.readers import DataReader, NetworkAnswer

Ask = Callable[[DataReader, str], NetworkAnswer | None]


def test_asn_country_and_city(opened: Callable[..., DataReader], mmdb: Callable[..., Path], ask: Ask) -> None:
    asn = {"autonomous_system_number": 15169, "autonomous_system_organization": "Google LLC"}
    city = {"city": {"names": {"en": "X"}}, "country": {"iso_code": "US"}, "location": {"metro_code": 1}}
    cases: tuple[tuple[Any, set[str]], ...] = (
        (asn, {"asn"}),
        ({"country": {"iso_code": "US"}}, {"country"}),
        (city, {"country"}),
    )
    for record, topics in cases:
        path = mmdb({"8.8.8.0/24": record, "2001:4860::/32": record, "1.0.0.0/8": {"x": 1}})
        found = ask(opened("geolite2", path), "8.8.8.8")
        assert found is not None
        assert (set(found.topics), found.network) == (topics, "8.8.8.0/24")
        assert ask(opened("geolite2", path), "2001:4860::8888") is not None
        assert ask(opened("geolite2", path), "9.9.9.9") is None


def test_the_date_is_the_build_epoch(opened: Callable[..., DataReader], mmdb: Callable[..., Path]) -> None:
    path = mmdb({"8.8.8.0/24": {"country": {"iso_code": "US"}}})
    assert opened("geolite2", path).date() == "2026-09-21"


def test_what_is_no_country_is_none(
    opened: Callable[..., DataReader], mmdb: Callable[..., Path], ask: Ask
) -> None:
    path = mmdb({"8.8.8.0/24": {"country": {"iso_code": "<script>"}}})
    found = ask(opened("geolite2", path), "8.8.8.8")
    assert found is not None
    assert not found.topics
