"""Network class: each label names its list; what no list knows is unknown, and nobody is called residential."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from listener.evidence.derived import NetClassFact
from listener.facts import Use
from listener.facts.netclass import NetClass
from listener.network_data import library


@pytest.fixture(scope="module")
def netclass(tmp_path_factory: pytest.TempPathFactory) -> NetClass:
    return NetClass(tmp_path_factory.mktemp("home"))


def asked(netclass: NetClass, use: Use, **network: Any) -> NetClassFact:
    facts: Any = {"network": network} if network else {}
    fact = netclass.derive(use, facts)
    assert fact is not None
    return fact


@pytest.mark.parametrize(
    ("ip", "found", "provider", "first"),
    [
        ("8.8.8.8", "public_resolver", "google", "hosting/google (iporigin)"),
        ("66.249.66.1", "crawler", "googlebot", "crawler/googlebot (iporigin)"),
        ("162.142.125.10", "scanner", "censys", "scanner/censys/commercial (misp-warninglists)"),
        ("149.154.167.99", "link_preview", "telegram", "link_preview/telegram (ipranges)"),
        ("40.92.1.1", "mail_gateway", "microsoft365", "mail_gateway/microsoft365 (misp-warninglists)"),
        ("2002:1470:fa85::1", "cloud", "microsoft", "cloud/microsoft/centralus (cloudip)"),
        ("::ffff:66.249.66.1", "crawler", "googlebot", "crawler/googlebot (iporigin)"),
    ],
)
def test_published_networks(
    netclass: NetClass, use: Callable[..., Use], ip: str, found: str, provider: str, first: str
) -> None:
    fact = asked(netclass, use(ip))
    assert (fact["class"], fact["provider"]) == (found, provider)
    evidence = fact["evidence"][0]
    assert evidence["says"].split("/")[0] == first.split("/")[0]
    assert evidence["list"].startswith("net-class.mmdb@")
    assert evidence["date"]


@pytest.mark.parametrize("ip", ["20.112.250.133", "2603:1030::1", "20.15.240.70"])
def test_a_machine_of_azure_is_not_githubs(netclass: NetClass, use: Callable[..., Use], ip: str) -> None:
    """GitHub rents build machines of Azure and lists a third of it as its own: the overlap is kept, the owner first."""
    fact = asked(netclass, use(ip), asn=8075)
    assert (fact["class"], fact["provider"]) == ("cloud", "microsoft")


@pytest.mark.parametrize(
    ("ip", "provider"),
    [("172.232.212.59", "linode"), ("52.112.192.69", "microsoft"), ("20.190.175.77", "microsoft")],
)
def test_a_list_of_all_that_a_company_has_says_little_of_a_cloud_range(
    netclass: NetClass, use: Callable[..., Use], ip: str, provider: str
) -> None:
    """Akamai's list has what Linode rents out; Microsoft 365's has what Azure hosts for it. Both stay in the labels."""
    fact = asked(netclass, use(ip))
    assert (fact["class"], fact["provider"]) == ("cloud", provider)
    assert {"cdn", "mail_gateway"} & {label["class"] for label in fact["labels"]}


def test_github_is_githubs(netclass: NetClass, use: Callable[..., Use]) -> None:
    assert asked(netclass, use("140.82.121.4"), asn=36459)["provider"] == "github"


@pytest.mark.parametrize(
    "ip", ["192.0.2.1", "198.51.100.9", "203.0.113.77", "2001:db8::1", "3fff::1", "198.18.0.1"]
)
def test_space_for_documentation_belongs_to_nobody(
    netclass: NetClass, use: Callable[..., Use], ip: str
) -> None:
    for network in ({}, {"scope": "documentation"}):
        fact = asked(netclass, use(ip), **network)
        assert fact["class"] in ("unknown", "documentation")
        assert not fact["provider"]


def test_an_asn_list_answers_where_no_network_list_does(netclass: NetClass, use: Callable[..., Use]) -> None:
    fact = asked(netclass, use("193.0.6.139"), asn=64500, organisation="", scope="global")
    assert fact["class"] == "unknown"
    fact = asked(netclass, use("193.0.6.139"), asn=14593, organisation="SpaceX", scope="global")
    assert (fact["class"], fact["shared"]) == ("satellite", "likely")
    assert fact["evidence"][0]["says"] == "AS14593 satellite (hand)"


@pytest.mark.parametrize(
    ("organisation", "found", "shared"),
    [
        ("Tiny VPS Ltd", "hosting", "unknown"),
        ("Example Mobile", "mobile", "yes"),
        ("Deutsche Telekom AG", "broadband", "likely"),
        ("Some University", "education", "likely"),
        ("Example Motors AG", "business", "likely"),
        ("", "unknown", "unknown"),
    ],
)
def test_a_name_is_the_weakest_evidence(
    netclass: NetClass, use: Callable[..., Use], organisation: str, found: str, shared: str
) -> None:
    fact = asked(netclass, use("193.0.6.139"), asn=64500, organisation=organisation, scope="global")
    assert (fact["class"], fact["shared"]) == (found, shared)
    assert fact.get("shared_likely", True) is True, "never printed as a finding where it is only not known"
    assert "residential" not in str(fact)


def test_behind_a_vpn_one_address_is_many_people(netclass: NetClass, use: Callable[..., Use]) -> None:
    fact = asked(netclass, use("193.0.6.139"), asn=398391, scope="global")
    assert (fact["class"], fact["shared"], fact["shared_likely"]) == ("vpn", "yes", True)
    assert asked(netclass, use("100.64.0.1"), scope="cgnat")["shared"] == "yes"


def test_an_inner_address_is_classed_by_its_scope(netclass: NetClass, use: Callable[..., Use]) -> None:
    assert asked(netclass, use("127.0.0.1"), scope="loopback")["class"] == "loopback"


def _with_tor_list(home: Path, seen: str) -> NetClass:
    (home / "exit-addresses").write_text(f"ExitNode A\nLastStatus x\nExitAddress 193.0.6.139 {seen}\n")
    library.add(home, home / "exit-addresses", at="2026-11-22T00:00:00.000000Z")
    return NetClass(home)


def test_a_tor_exit_is_judged_by_the_list_of_its_time(tmp_path: Path, use: Callable[..., Use]) -> None:
    netclass = _with_tor_list(tmp_path, "2026-11-22 10:00:00")
    exit_then = asked(netclass, use("193.0.6.139"))
    assert (exit_then["class"], exit_then["tor_exit"], exit_then["shared"]) == ("tor_exit", "yes", "yes")
    assert "seen 2026-11-22T10:00:00" in exit_then["evidence"][0]["says"]
    assert asked(netclass, use("8.8.8.8"))["tor_exit"] == "no"
    later = use("193.0.6.139", observed_at="2026-12-24T00:00:00.000000Z")
    assert asked(netclass, later)["tor_exit"] == "list too old"
    assert asked(netclass, later)["class"] != "tor_exit"


def test_the_shipped_exits_are_old_and_said_to_be(netclass: NetClass, use: Callable[..., Use]) -> None:
    fact = asked(netclass, use("185.220.101.1"))
    assert (fact["class"], fact["tor_exit"]) == ("tor_exit", "listed, list too old")
