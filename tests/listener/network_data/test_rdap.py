"""A registry learns a network and never an address, may refer to nobody unlisted, and what it says is bounded text."""

from __future__ import annotations

import ipaddress
import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.network_data import rdap
from listener.network_data.rdap import RdapError, Registries, network_of
from tests.every import every
from tests.registries import RegistryServer, registries

NETWORK = network_of("198.51.100.77")


@pytest.fixture(scope="module")
def served(server_tls: tuple[ssl.SSLContext, Path]) -> Iterator[tuple[RegistryServer, str]]:
    context, ca_file = server_tls
    with registries(context) as server:
        yield server, str(ca_file)


@pytest.fixture
def server(served: tuple[RegistryServer, str]) -> RegistryServer:
    found = served[0]
    found.asked.clear()
    found.answers.clear()
    found.lists("198.51.100.0/22", "2001:db8::/32")
    return found


def asking(
    server: RegistryServer, served: tuple[RegistryServer, str], waits: list[float] | None = None
) -> Registries:
    wait = (lambda _: None) if waits is None else waits.append
    return Registries(bootstrap=f"{server.url}/", verify=served[1], wait=wait)


def test_the_abuse_contact_of_the_network(server: RegistryServer, served: tuple[RegistryServer, str]) -> None:
    server.knows("198.51.100.0/24", startAddress="198.51.100.0", endAddress="198.51.101.255")
    server.knows("2001:db8:1::/48", mail="noc@isp.example")
    waits: list[float] = []
    asked = asking(server, served, waits)
    found = asked.ask(NETWORK)
    assert found == rdap.Registration(
        asked="198.51.100.0/24",
        server="127.0.0.1",
        handle="NET-1",
        name="EXAMPLE-NET",
        first="198.51.100.0",
        last="198.51.101.255",
        country="NL",
        abuse=("abuse@isp.example",),
    )
    assert asked.ask(network_of("2001:db8:1:2::3")).abuse == ("noc@isp.example",)
    told = [path for path, _ in server.asked]
    assert told == ["/ipv4.json", "/rdap/ip/198.51.100.0/24", "/ipv6.json", "/rdap/ip/2001:db8:1::/48"]
    assert waits == [rdap.PAUSE] * 3  # before every question but the first
    assert not any("rapline" in agent for _, agent in server.asked)


@given(st.ip_addresses())
def test_one_address_is_never_asked_for(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert network_of(str(address)).num_addresses >= 256


def test_the_most_specific_list_counts(server: RegistryServer, served: tuple[RegistryServer, str]) -> None:
    services = [
        [["198.51.0.0/16"], ["https://other.example/"]],
        [["198.51.100.0/24"], [f"{server.url}/rdap"]],
    ]
    server.answers["/ipv4.json"] = 200, {"services": services}, ""
    server.knows("198.51.100.0/24")
    assert asking(server, served).ask(NETWORK).handle == "NET-1"


def test_a_referral_to_a_registry_is_followed(
    server: RegistryServer, served: tuple[RegistryServer, str]
) -> None:
    server.knows("other")
    server.answers["/rdap/ip/198.51.100.0/24"] = 302, b"", f"{server.url}/rdap/ip/other"
    assert asking(server, served).ask(NETWORK).handle == "NET-1"


WRONG: dict[str, tuple[int, Any, str]] = {
    "to nobody listed": (302, b"", "https://evil.example/x"),
    "to plain HTTP": (302, b"", "http://127.0.0.1/x"),
    "round": (302, b"", "/rdap/ip/198.51.100.0/24"),
    "too often": (429, b"", ""),
    "not there": (404, b"", ""),
    "no JSON": (200, b"<html>", ""),
    "deep": (200, b"[" * 100_000, ""),
    "a list": (200, [], ""),
    "another class": (200, {"objectClassName": "domain"}, ""),
    "too long": (200, b" " * 600_000, ""),
    "no UTF-8": (200, b'{"objectClassName": "\xff"}', ""),
}


@every("what", WRONG)
def test_what_is_no_answer_is_one_sentence(
    server: RegistryServer, served: tuple[RegistryServer, str], what: str
) -> None:
    server.answers["/rdap/ip/198.51.100.0/24"] = WRONG[what]
    with pytest.raises(RdapError) as refused:
        asking(server, served).ask(NETWORK)
    assert "\n" not in refused.value.sentence


@every(
    "lists",
    [
        b"",
        b"{}",
        b'{"services": [[[1, null, "x"], ["https://127.0.0.1/"]], 3, [["0.0.0.0/0"], ["http://x/"]]]}',
    ],
)
def test_lists_that_name_nobody_ask_nobody(
    server: RegistryServer, served: tuple[RegistryServer, str], lists: bytes
) -> None:
    server.answers["/ipv4.json"] = 200, lists, ""
    server.asked.clear()
    with pytest.raises(RdapError):
        asking(server, served).ask(NETWORK)
    assert [path for path, _ in server.asked] == ["/ipv4.json"]


def test_a_certificate_of_nobody_is_refused(server: RegistryServer) -> None:
    with pytest.raises(RdapError, match="SSLError"):
        Registries(bootstrap=f"{server.url}/", wait=lambda _: None).ask(NETWORK)
    assert server.asked == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["abuse", "email"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["entities", "roles", "vcardArray", "handle", "name", "country"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["entities", "handle", "name", "country", "startAddress"]), JSON))
def test_any_record_is_read_as_bounded_printable_text(content: dict[str, Any]) -> None:
    found = rdap._registration(NETWORK, "registry.example", {"objectClassName": "ip network", **content})
    for text in (found.handle, found.name, found.first, found.last, found.country, *found.abuse):
        assert text.isprintable()
        assert len(text) <= 400


def test_hostile_contacts_are_no_contacts() -> None:
    mails = [
        "a@b.example\r\nBcc: x@y.example",
        "<x@y.example>",
        "x@y",
        "a,b@c.example",
        "\u202ea@b.example",
        " ok@b.example ",
    ]
    fields = [["email", {}, "text", mail] for mail in mails] + [["email"], [], "x", ["email", {}, "text", 3]]
    record = {
        "objectClassName": "ip network",
        "entities": [{"roles": ["abuse"], "vcardArray": ["vcard", fields]}],
    }
    json.dumps(record)
    assert rdap._registration(NETWORK, "r.example", record).abuse == ("ok@b.example",)
