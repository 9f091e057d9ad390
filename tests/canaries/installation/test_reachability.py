"""Where bait leads: what nobody can reach, or only somebody near by, is said in one sentence with what to do."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from canaries.core.settings import Settings, parse
from canaries.installation.reachability import bound_ports, named_ports, obstacles, trap_obstacle


def settings(base_url: str, domain: str = "", **traps: Any) -> Settings:
    return parse({"bait": {"base_url": base_url, "domain": domain}, "traps": traps}, {})


def said(found: Settings, **names: tuple[str, ...] | None) -> str:
    """All sentences; names end in the key, and resolve to the value."""

    def resolve(name: str) -> tuple[str, ...] | None:
        return next((value for key, value in names.items() if name.endswith(key)), ())

    return "\n".join(one.says for one in obstacles(found, resolve))


@pytest.mark.parametrize(
    ("base_url", "sentence"),
    [
        ("http://0.0.0.0:8080", "no address to call: nobody can fire it"),
        ("http://[::]:8080", "no address to call: nobody can fire it"),
        ("http://127.0.0.1:8080", "only programs on this machine can fire it"),
        ("http://[::1]:8080", "only programs on this machine can fire it"),
        ("http://10.0.0.5", "only programs in your own network can fire it"),
        ("http://198.51.100.7", "an address of examples: nobody can fire it"),
        ("https://1.1.1.1", ""),
    ],
)
def test_f1_a_base_url_that_is_an_address(base_url: str, sentence: str) -> None:
    found = said(settings(base_url))
    assert (sentence in found) if sentence else not found


def test_only_what_no_record_in_dns_could_mend_is_lasting() -> None:
    assert [one.lasting for one in obstacles(settings("http://0.0.0.0:1"))] == [True]
    assert [one.lasting for one in obstacles(settings("http://x.example.net"), lambda _: ())] == [False]


@pytest.mark.parametrize(
    ("addresses", "sentence"),
    [
        ((), "does not resolve"),
        (None, "could not be looked up"),
        (("127.0.1.1",), "only programs on this machine"),
        (("10.0.0.5", "127.0.0.1"), "only programs in your own network"),
        (("10.0.0.5", "1.1.1.1"), ""),
        (("0.0.0.0",), "no address to call"),
    ],
)
def test_a_name_is_judged_by_what_it_resolves_to(addresses: tuple[str, ...] | None, sentence: str) -> None:
    for url in ("https://{label}.traps.net", "https://www.traps.net:8443"):
        found = said(settings(url), **{".traps.net": addresses})
        assert (sentence in found) if sentence else not found
        assert "{" not in found, "what stands for a bait's own name is written as zone files do"


def test_a_domain_of_its_own_is_looked_up_where_the_base_url_is_elsewhere() -> None:
    names: dict[str, Any] = {"www.example": ("1.1.1.1",), "mail.traps": ()}
    assert "mail.traps, which does not resolve" in said(settings("http://www.example", "mail.traps"), **names)
    names["mail.traps"] = ("1.1.1.1",)
    assert not said(settings("http://www.example", "mail.traps"), **names)


def test_a_port_of_this_machine_where_nothing_listens() -> None:
    http = {"bind": ["127.0.0.1:9"]}
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert "nothing listens" not in said(settings(f"http://127.0.0.1:{port}", http=http))
    assert f"port {port} of this machine, where nothing listens; the http trap is set to port 9" in said(
        settings(f"http://127.0.0.1:{port}", http=http)
    )
    assert "nothing listens" not in said(settings("http://127.0.0.1:9", http=http))  # set to, if not open yet


@pytest.mark.parametrize(
    ("section", "ports"),
    [
        ({}, set()),
        ({"bind": "0.0.0.0:80, [::]:443"}, {80, 443}),
        ({"bind": ["127.0.0.1:0"]}, set()),
        ({"bind": ["127.0.0.1"]}, set()),
        ({"bind": ["127.0.0.1:\uff18\uff10"]}, set()),
        ({"bind": ["127.0.0.1:" + "9" * 5000]}, set()),
        ({"bind": [["127.0.0.1:80"]]}, set()),
        *(({"bind": wrong}, set()) for wrong in (True, 80, 1.5, {"a": 1})),
    ],
)
def test_ports_of_a_section(section: dict[str, Any], ports: set[int]) -> None:
    """A section is checked by its trap; who looks at the raw one must not fall over it."""
    assert bound_ports(section) == ports


def test_ports_keep_their_order_and_their_number() -> None:
    assert named_ports({"bind": "0.0.0.0:443, [::]:80, 1.2.3.4:0, x"}) == [443, 80, 0, 0]


def test_a_trap_that_no_section_opens() -> None:
    plain = settings("http://127.0.0.1:8080")
    assert trap_obstacle(plain, ("http",)) is None
    dead = trap_obstacle(plain, ("postgres",))
    assert dead is not None
    assert "[traps.postgres]" in dead.hint
    assert trap_obstacle(plain, ("postgres",), opened=["postgres"]) is None
    assert trap_obstacle(settings("http://x", postgres={}), ("http", "postgres")) is None
    assert trap_obstacle(settings("http://x", postgres={}), ("http",)) is not None
