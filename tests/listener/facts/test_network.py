"""Network: right on well-known addresses, one answer for each spelling, and never a place or a person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from listener.evidence.derived import NetworkFact
from listener.facts import Use
from listener.facts.network import Network
from listener.network_data import datasets
from tools.netdata.mmdb import Header, write


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return Network(tmp_path_factory.mktemp("home"))


def asked(network: Network, use: Use) -> NetworkFact:
    fact = network.derive(use, {})
    assert fact is not None
    return fact.copy()


def test_a_whole_fact(network: Network, use: Callable[..., Use]) -> None:
    fact = asked(network, use("8.8.8.8"))
    named = fact.pop("data")
    assert fact == {
        "source": "ip-asn-country.mmdb",
        "date": "2026-09-16",
        "address": "8.8.8.8",
        "version": 4,
        "scope": "global",
        "asn": 15169,
        "organisation": "Google LLC",
        "network": "8.8.8.0/24",
        "country": "US",
        "country_name": "United States",
        "role": "client",
    }
    sha256 = datasets.manifest()["files"]["ip-asn-country.mmdb"]["sha256"]
    assert set(named) == {"asn", "country"}
    assert set(named.values()) == {f"ip-asn-country.mmdb@{sha256[:16]}"}, "facts name data by its hash"


@pytest.mark.parametrize(
    ("ip", "asn", "country"),
    [
        ("1.1.1.1", 13335, None),
        ("193.0.6.139", 3333, "NL"),
        ("2001:4860:4860::8888", 15169, "US"),
        ("5.9.0.1", 24940, "DE"),
    ],
)
def test_well_known_addresses(
    network: Network, use: Callable[..., Use], ip: str, asn: int, country: str | None
) -> None:
    fact = asked(network, use(ip))
    assert fact["asn"] == asn
    assert country is None or fact["country"] == country


@pytest.mark.parametrize(
    ("ip", "how"),
    [
        ("2002:808:808::1", "6to4"),
        ("64:ff9b::808:808", "nat64"),
        ("2001:0:4136:e378:8000:63bf:f7f7:f7f7", "teredo"),  # RFC 4380, 4: the client's address, inverted
    ],
)
def test_an_address_inside_an_address_is_looked_up(
    network: Network, use: Callable[..., Use], ip: str, how: str
) -> None:
    fact = asked(network, use(ip))
    assert fact["embedded"] == {"how": how, "address": "8.8.8.8"}
    assert (fact["asn"], fact["scope"], fact["version"]) == (15169, "global", 6)


def test_a_mapped_address_is_the_v4_address(network: Network, use: Callable[..., Use]) -> None:
    assert asked(network, use("::ffff:8.8.8.8")) == asked(network, use("8.8.8.8"))


def test_inner_addresses_have_a_scope_and_nothing_else(network: Network, use: Callable[..., Use]) -> None:
    fact = asked(network, use("10.1.2.3"))
    assert fact["scope"] == "private"
    assert not {"asn", "organisation", "country", "network"} & fact.keys()


def test_a_cloud_knows_where_its_machines_are(network: Network, use: Callable[..., Use]) -> None:
    """Azure publishes 151.206.64.0 as Japan East; geofeeds have it in Britain. The other word is kept."""
    fact = asked(network, use("151.206.65.14"))
    assert fact["country"] == "JP"
    assert fact["country_says"] == "microsoft publishes the range for its region japaneast"
    assert fact["country_otherwise"].startswith("GB (ip-asn-country.mmdb@")
    assert fact["data"]["country"].startswith("net-class.mmdb@")
    assert "country_says" not in asked(network, use("193.0.6.139"))


def test_two_that_agree_say_where_a_hosters_machines_are(network: Network, use: Callable[..., Use]) -> None:
    """Scaleway registers in France and has machines in Warsaw. Both words are kept, with whose they are."""
    fact = asked(network, use("151.115.0.239"))
    assert fact["country"] == "PL"
    assert fact["country_says"].startswith("DB-IP (https://db-ip.com) and IPFire Location both have it")
    assert fact["country_otherwise"].startswith("FR (ip-asn-country.mmdb@")
    assert fact["data"]["country"].startswith("server-country.mmdb@")
    assert fact["date"] == "2026-06-25", "of the older of the two files"


def test_no_fact_is_a_point_on_a_map(network: Network, use: Callable[..., Use]) -> None:
    words = " ".join(asked(network, use("8.8.8.8")))
    assert not any(word in words for word in ("lat", "lon", "city", "region", "radius"))


def test_a_trap_says_whose_address_it_is(network: Network, use: Callable[..., Use]) -> None:
    assert asked(network, use(observed={"role": "resolver"}))["role"] == "resolver"
    assert asked(network, use(observed={"role": ["x"] and "made up"}))["role"] == "client"


def test_what_is_no_address_raises_and_none_is_silent(network: Network, use: Callable[..., Use]) -> None:
    assert network.derive(use(""), {}) is None
    with pytest.raises(ValueError, match="does not appear"):
        network.derive(use("unknown"), {})


def test_an_operators_file_answers_first_for_what_it_holds(tmp_path: Path, use: Callable[..., Use]) -> None:
    """An ASN file beside the shipped one: the ASN is of the first, the country of the second, and each is named."""
    header = Header("GeoLite2-ASN", "t", 1_790_000_000)
    number = {"autonomous_system_number": 64500, "autonomous_system_organization": "Own"}
    spans = [(0x08080800, 0x080808FF, "x"), (0x08080900, 0x080809FF, "y")]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ip-asn-country.mmdb").write_bytes(
        write(spans, [], lambda key: number | {"autonomous_system_organization": key}, header)
    )
    fact = asked(Network(tmp_path), use("8.8.8.8"))
    assert (fact["asn"], fact["organisation"], fact["country"]) == (64500, "x", "US")
    assert fact["data"]["asn"] != fact["data"]["country"]
    assert fact["date"] == "2026-09-16", "the older of the two"
