"""Network class: each label names its list; what no list knows is unknown, and nobody is called residential."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from listener.facts import Use
from listener.facts.netclass import NetClass


@pytest.fixture(scope="module")
def netclass(tmp_path_factory: pytest.TempPathFactory) -> NetClass:
    return NetClass(tmp_path_factory.mktemp("home"))


def asked(netclass: NetClass, use: Use, **network: Any) -> dict[str, Any]:
    fact = netclass.derive(use, {"network": network} if network else {})
    assert fact is not None
    return fact


@pytest.mark.parametrize(
    ("ip", "found", "provider"),
    [
        ("8.8.8.8", "cloud", "google"),
        ("66.249.66.1", "crawler", "googlebot"),
        ("162.142.125.10", "scanner", "censys"),
        ("149.154.167.99", "link_preview", "telegram"),
        ("40.92.1.1", "mail_cloud", "microsoft365"),
        ("2002:808:808::1", "cloud", "google"),
        ("::ffff:8.8.8.8", "cloud", "google"),
    ],
)
def test_published_networks(
    netclass: NetClass, use: Callable[..., Use], ip: str, found: str, provider: str
) -> None:
    fact = asked(netclass, use(ip))
    assert (fact["class"], fact["provider"]) == (found, provider)
    assert fact["evidence"][0] == {
        "list": "net-class.mmdb",
        "date": "2026-08-20",
        "says": f"{found}/{provider}",
    }


def test_an_asn_list_answers_where_no_network_list_does(netclass: NetClass, use: Callable[..., Use]) -> None:
    fact = asked(netclass, use("5.9.0.1"), asn=24940, organisation="Hetzner Online GmbH", scope="global")
    assert fact["class"] == "hosting"
    assert fact["evidence"] == [{"list": "asn-class.csv", "date": "2026-08-22", "says": "AS24940 hosting"}]
    assert fact["shared_likely"] is False


@pytest.mark.parametrize(
    ("organisation", "found", "shared"),
    [
        ("Tiny VPS Ltd", "hosting", False),
        ("Example Mobile", "mobile_likely", True),
        ("Deutsche Telekom AG", "eyeball_likely", False),
        ("Some University", "unknown", False),
        ("", "unknown", False),
    ],
)
def test_a_name_is_the_weakest_evidence_and_says_likely(
    netclass: NetClass, use: Callable[..., Use], organisation: str, found: str, shared: bool
) -> None:
    fact = asked(netclass, use("193.0.6.139"), asn=64500, organisation=organisation, scope="global")
    assert (fact["class"], fact["shared_likely"]) == (found, shared)
    assert "residential" not in str(fact)


def test_behind_a_vpn_one_address_is_many_people(netclass: NetClass, use: Callable[..., Use]) -> None:
    found = {fact["class"] for fact in [asked(netclass, use("193.0.6.139"), asn=398391, scope="global")]}
    assert found == {"vpn"}
    assert asked(netclass, use("193.0.6.139"), asn=398391, scope="global")["shared_likely"]
    assert asked(netclass, use("100.64.0.1"), scope="cgnat")["shared_likely"]


def test_an_inner_address_is_classed_by_its_scope(netclass: NetClass, use: Callable[..., Use]) -> None:
    assert asked(netclass, use("127.0.0.1"), scope="loopback")["class"] == "loopback"
