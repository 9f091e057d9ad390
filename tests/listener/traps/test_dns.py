"""DNS: framing over TCP, the candidates of a name, and real resolvers' programs against a real listener."""

from __future__ import annotations

import base64
import contextlib
import itertools
import ssl
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.settings import bind
from canaries.crypto.seeded_random import BASE36
from canaries.crypto.sieve import Sieve
from canaries.installation.home import Home
from canaries.mint import minting
from listener.evidence.sighting import Sighting
from listener.incidents import queries
from listener.protocol.conversation import Close, Record, Send, Step
from listener.protocol.identity import Identity
from listener.traps.dns import DnsConversation, DnsExchange, DnsSettings, DnsTrap, _only_asked
from tests import steady
from tests.programs import needs

FIRST = [b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x04bait\x05traps\x07invalid\x00\x00\x01\x00\x01"]
"""What clients send first."""

ZONE = "harbour-view.net"
QUERY = dns.message.make_query(f"k3v9tq2m.{ZONE}", "A", id=1).to_wire()


def framed(*messages: bytes) -> bytes:
    return b"".join(len(message).to_bytes(2, "big") + message for message in messages)


FLOODS = [[framed(QUERY) * 3000], [framed(QUERY + bytes(4000)), *(framed(QUERY)[:1] for _ in range(1))]]
"""Nobody logs in; many questions, and a long one."""
CUT_OFF = [[framed(QUERY), b"\xff\xff" + bytes(100)]]
"""More than a question can be."""


def talk(*said: bytes) -> list[Step]:
    conversation = DnsConversation(Identity(b"k" * 32), 1)
    return [step for data in said for step in conversation.feed(data)]


def test_over_tcp_each_message_has_its_length_before_it_and_many_may_follow() -> None:
    steps = talk(framed(QUERY, QUERY))
    assert [type(step) for step in steps] == [Record, Send, Record, Send]
    say = steps[1]
    assert isinstance(say, Send)
    assert int.from_bytes(say.data[:2], "big") == len(say.data) - 2


@pytest.mark.parametrize("length", [0, 11, 4097, 65535])
def test_a_length_that_no_query_has_ends_it(length: int) -> None:
    assert talk(length.to_bytes(2, "big"))[-1] == Close()


@given(cuts=st.lists(st.integers(0, 150), max_size=8))
def test_however_the_bytes_are_cut_the_conversation_is_the_same(cuts: list[int]) -> None:
    whole = framed(QUERY, QUERY, QUERY)
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    assert talk(*(whole[begin:end] for begin, end in itertools.pairwise(places))) == talk(whole)


def sighting(raw: bytes = QUERY, **notes: Any) -> Sighting:
    return Sighting(
        id="0" * 32, trap="dns", observed_at=0, peer=("192.0.2.1", 4000), local=("192.0.2.2", 53), transport="udp",
        raw=raw, size=len(raw), front="f", number=1, connection=1, clock={}, notes=notes,
    )  # fmt: skip


def test_a_name_is_a_candidate_whole_from_each_dot_on_and_by_its_labels() -> None:
    found = set(DnsTrap.read(sighting(query=f"_mongodb._tcp.K3v9tQ2m.{ZONE}", role="resolver")).candidates)
    assert {f"k3v9tq2m.{ZONE}".encode(), b"k3v9tq2m", f"_mongodb._tcp.k3v9tq2m.{ZONE}".encode()} <= found


def query_of(name: str, **options: Any) -> bytes:
    query = dns.message.make_query(name, "A", id=7, **options)
    return query.to_wire()


@pytest.mark.parametrize(
    "raw",
    [
        query_of(f"Zk39aXQ7vT2mLw8RtYb4.{ZONE}"),
        query_of(f"Zk39aXQ7vT2mLw8RtYb4.{ZONE}", use_edns=0, payload=1232, want_dnssec=True),
        query_of(
            f"a.{ZONE}",
            use_edns=0,
            options=[dns.edns.GenericOption(dns.edns.OptionType.make(65_001), b"Zk39aXQ7vT2mLw8RtYb4")],
        ),
        query_of(f"pre=Zk39aXQ7vT2mLw8RtYb4.{ZONE}"),
        query_of(f"a.{ZONE}") + b"Zk39aXQ7vT2mLw8RtYb4",
        query_of(base64.b32encode(b"Zk39aXQ7vT2mLw8RtYb4").decode() + f".{ZONE}"),
        query_of(b"Zk39aXQ7vT2mLw8RtYb4".hex() + f".{ZONE}"),
        query_of(f"Zk39aXQ7vT2mLw8RtYb4.{ZONE}")[:33],
    ],
)
def test_a_token_is_found_wherever_a_query_has_it(raw: bytes) -> None:
    assert b"Zk39aXQ7vT2mLw8RtYb4" in DnsTrap.read(sighting(raw)).candidates


@pytest.mark.parametrize(
    "options", [{}, {"use_edns": 0, "want_dnssec": True}, {"options": [dns.edns.CookieOption(bytes(8), b"")]}]
)
def test_of_what_resolvers_ask_the_name_alone_is_looked_at(options: dict[str, Any]) -> None:
    assert _only_asked(query_of(f"K3v9.{ZONE}", **options)) == f"K3v9.{ZONE}".encode()


@given(st.binary(max_size=300))
def test_no_query_raises(raw: bytes) -> None:
    DnsTrap.read(sighting(raw))
    DnsTrap.read(sighting(QUERY[:12] + raw))


def test_whose_address_it_is_goes_into_the_record() -> None:
    assert DnsTrap.read(sighting(query="a.b", role="resolver")).observed["role"] == "resolver"


@pytest.mark.parametrize(
    "wrong",
    [
        {"datagrams_a_second": 0.0},
        {"ttl": 86_401},
        {"zones": ("a..b",)},
        {"services": ("mongodb=1",)},
        {"services": ("_a._tcp=0",)},
    ],
)
def test_settings_that_cannot_be_served_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        DnsSettings(**wrong)


def test_zones_come_from_the_environment_too() -> None:
    bound = bind(
        DnsSettings, {"zones": "Harbour-View.net., other.org", "addresses": "192.0.2.7"}, "traps.dns"
    )
    assert bound.served().zones == ("harbour-view.net", "other.org")


@pytest.fixture(scope="module")
def nameserver(listen_once: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A listener that is authoritative for its catch domain, ZONE, on IPv4 and IPv6; bait under it."""
    toml = f'[bait]\nbase_url = "https://{{label}}.{ZONE}"\ndomain = "{ZONE}"\n'
    home = Home.create(tmp_path_factory.mktemp("dns") / "home", toml)
    yield listen_once(
        home,
        TRAPLINE_TRAPS_DNS_BIND="127.0.0.1:0,[::1]:0",
        TRAPLINE_TRAPS_DNS_ADDRESSES="192.0.2.7,2001:db8::7",
    )
    home.store.close()


def test_zones_that_are_named_are_served_and_no_others() -> None:
    exchange = DnsExchange(
        Identity(b"k" * 32), DnsSettings(zones=("other-place.org",), addresses=("192.0.2.7",))
    )
    for zone, expected in (("other-place.org", dns.rcode.NOERROR), (ZONE, dns.rcode.REFUSED)):
        _, say = exchange.respond(dns.message.make_query(f"a.{zone}", "A").to_wire())
        assert isinstance(say, Send)
        assert dns.message.from_wire(say.data).rcode() == expected


def places(running: Any) -> Iterable[tuple[str, int]]:
    for place in running.addresses["dns"]:
        host, _, port = place.rpartition(":")
        yield host.strip("[]"), int(port)


def hits(home: Home, canary: str, count: int) -> list[queries.Hit]:
    steady.until(lambda: len(list(queries.hits(home, canary=canary, parts=True))) >= count)
    return list(queries.hits(home, canary=canary, parts=True))


def test_it_answers_over_udp_tcp_and_tls_on_both_families_and_records_each(nameserver: Any) -> None:
    home: Home = nameserver.home
    bait = next(iter(minting.mint(home, "dns-name")))
    name = bait.canary.tokens[0].value
    query = dns.message.make_query(
        name.upper(), "A", use_edns=0, options=[dns.edns.ECSOption("198.51.100.0", 24)]
    )
    for ask in (dns.query.udp, dns.query.tcp):
        for host, port in places(nameserver):
            response = ask(query, host, port=port, timeout=steady.PATIENCE)
            assert [record.to_text() for record in response.answer[0]] == ["192.0.2.7"]
            assert response.flags & dns.flags.AA
    secure = ssl.create_default_context()
    secure.check_hostname, secure.verify_mode = False, ssl.CERT_NONE
    response = dns.query.tls(query, host, port=port, timeout=steady.PATIENCE, ssl_context=secure)
    assert response.answer
    found = hits(home, bait.canary.id, 5)
    assert {(hit.trap, hit.facet) for hit in found} == {("dns", "host")}
    assert sorted(hit.entry.body["transport"] for hit in found) == ["tcp"] * 3 + ["udp"] * 2
    assert {hit.ip for hit in found} == {"127.0.0.1", "::1"}
    observed = found[0].entry.body["observed"]
    assert observed["role"] == "resolver"
    assert observed["client_subnet"] == "198.51.100.0/24"
    assert observed["query"] == name.upper()


def test_nothing_under_the_zone_is_missing_and_nothing_outside_is_ours(nameserver: Any) -> None:
    host, port = next(iter(places(nameserver)))
    for name, expected in ((f"nobody.{ZONE}", dns.rcode.NOERROR), ("other-place.org", dns.rcode.REFUSED)):
        response = dns.query.udp(dns.message.make_query(name, "A"), host, port=port, timeout=steady.PATIENCE)
        assert response.rcode() == expected


@needs("dig")
def test_dig(nameserver: Any) -> None:
    host, port = next(iter(places(nameserver)))
    asked = [
        ("{name} A", "192.0.2.7"),
        ("{name} AAAA +tcp", "2001:db8::7"),
        ("_mongodb._tcp.{name} SRV", "0 0 27017 {name}."),
        ("{name} A +subnet=198.51.100.0/24 +dnssec", "192.0.2.7"),
        ("{name} ANY", '"RFC8482" ""'),
        ("{zone} NS", "ns1.{zone}."),
    ]
    for words, answer in asked:
        bait = next(iter(minting.mint(nameserver.home, "dns-name")))
        values = {"name": bait.canary.tokens[0].value, "zone": ZONE}
        done = subprocess.run(
            ["dig", f"@{host}", "-p", str(port), "+short", *words.format(**values).split()],
            capture_output=True, text=True, timeout=steady.PATIENCE, check=True,
        )  # fmt: skip
        assert answer.format(**values) in done.stdout.splitlines()
        if "{name}" in words:
            assert hits(nameserver.home, bait.canary.id, 1)


@needs("unbound")
def test_a_real_resolver_with_every_caution_on_finds_its_way(nameserver: Any, tmp_path: Path) -> None:
    """Random case, minimised names, hardened delegations: what Google's and Cloudflare's resolvers do."""
    bait = next(iter(minting.mint(nameserver.home, "dns-name")))
    name = bait.canary.tokens[0].value
    host, port = next(iter(places(nameserver)))
    own = steady.free_port()
    config = tmp_path / "unbound.conf"
    config.write_text(
        f'server:\n interface: 127.0.0.1@{own}\n do-daemonize: no\n chroot: ""\n username: ""\n pidfile: ""\n'
        f" directory: {tmp_path}\n use-syslog: no\n do-not-query-localhost: no\n use-caps-for-id: yes\n"
        " qname-minimisation: yes\n qname-minimisation-strict: yes\n harden-referral-path: yes\n"
        f" module-config: iterator\n num-threads: 1\nstub-zone:\n name: {ZONE}\n stub-addr: {host}@{port}\n"
        "remote-control:\n control-enable: no\n"
    )
    with subprocess.Popen(["unbound", "-d", "-c", config], stderr=subprocess.DEVNULL) as resolver:
        try:

            def asked() -> dns.message.Message | None:
                with contextlib.suppress(dns.exception.Timeout, OSError):
                    return dns.query.udp(dns.message.make_query(name, "A"), "127.0.0.1", port=own, timeout=1)
                return None

            answer = steady.until(asked)
            assert answer is not None
            assert answer.rcode() == dns.rcode.NOERROR
            assert [record.to_text() for record in answer.answer[0]] == ["192.0.2.7"]
        finally:
            resolver.terminate()
    found = hits(nameserver.home, bait.canary.id, 1)
    assert found[-1].entry.body["observed"]["query"].lower() == name


def test_a_label_that_the_front_s_key_made_may_be_bait() -> None:
    exchange = DnsExchange(Identity(b"k" * 32), DnsSettings(zones=(ZONE,)))
    label = Sieve(b"k" * 32).passing("q" * 21 + "?", BASE36)
    other = label[:-1] + ("0" if label[-1] != "0" else "1")
    assert exchange.likely(dns.message.make_query(f"x.{label.upper()}.{ZONE}", "A").to_wire())
    assert not exchange.likely(dns.message.make_query(f"x.{other}.{ZONE}", "A").to_wire())


@given(st.binary(max_size=100))
def test_no_bytes_keep_it_from_asking(data: bytes) -> None:
    DnsExchange(Identity(b"k" * 32), DnsSettings(zones=(ZONE,))).likely(data)
