"""The name server: what resolvers ask, what anybody could ask, and bytes that are no question."""

from __future__ import annotations

import struct
from typing import Any

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.crypto.seeded_random import SeededRandom
from listener.protocol.conversation import Record, Send
from listener.protocol.nameserver import LONGEST_QUERY, Nameserver, Served

SERVED = Served(
    zones=("harbour-view.net", "lab.harbour-view.net"),
    addresses=("192.0.2.7", "192.0.2.8", "2001:db8::7"),
    services={"_mongodb._tcp": 27017},
    texts=("v=spf1 -all",),
    issuers=("letsencrypt.org",),
    challenges="abc.acme.other-place.org",
)
SERVER = Nameserver(SERVED, SeededRandom(b"s" * 32))
TYPES = sorted(set(dns.rdatatype.RdataType) - {dns.rdatatype.NONE, dns.rdatatype.OPT, dns.rdatatype.TSIG})


def ask(name: str, kind: Any = "A", *, limit: int | None = None, **options: Any) -> dns.message.Message:
    _, say = SERVER.respond(dns.message.make_query(name, kind, **options).to_wire(), limit)
    assert isinstance(say, Send)
    return dns.message.from_wire(say.data)


def noted(query: dns.message.Message) -> dict[str, Any]:
    note = next(iter(SERVER.respond(query.to_wire())))
    assert isinstance(note, Record)
    return dict(note.shown)


def texts(response: dns.message.Message) -> list[str]:
    """Sorted: as every server's, the records' order changes from answer to answer."""
    return sorted(record.to_text() for rrset in response.answer for record in rrset)


def test_every_name_in_a_zone_has_our_addresses() -> None:
    response = ask("a.b.harbour-view.net")
    assert texts(response) == ["192.0.2.7", "192.0.2.8"]
    assert response.flags & dns.flags.AA
    assert not response.flags & dns.flags.RA
    assert texts(ask("harbour-view.net", "AAAA")) == ["2001:db8::7"]


@pytest.mark.parametrize("kind", TYPES)
def test_for_every_type_a_known_and_an_unknown_name_are_answered_alike(kind: Any) -> None:
    """Names of one length, so that the answers differ by the name alone."""
    one, other = (ask(f"{label}.harbour-view.net", kind, id=1) for label in ("k3v9tq2m", "zzzzzzzz"))
    assert one.rcode() == other.rcode() != dns.rcode.NXDOMAIN
    said = one.to_text().replace("k3v9tq2m", "zzzzzzzz")
    assert sorted(said.splitlines()) == sorted(other.to_text().splitlines())


def test_a_name_keeps_the_case_that_a_resolver_gave_it() -> None:
    """The 0x20 game (draft-vixie-dnsext-dns0x20): the answer must repeat the question bit for bit."""
    response = ask("k3V9tQ.hArbour-vieW.nEt")
    assert response.question[0].name.to_text() == "k3V9tQ.hArbour-vieW.nEt."
    assert response.answer[0].name.to_text() == "k3V9tQ.hArbour-vieW.nEt."
    assert noted(dns.message.make_query("k3V9tQ.hArbour-vieW.nEt", "A"))["query"] == "k3V9tQ.hArbour-vieW.nEt"


def test_no_such_record_is_said_with_the_zones_soa() -> None:
    response = ask("a.harbour-view.net", "HTTPS")
    assert response.rcode() == dns.rcode.NOERROR
    assert not response.answer
    assert response.authority[0].rdtype == dns.rdatatype.SOA
    assert response.authority[0].name == dns.name.from_text("harbour-view.net")


def test_the_apex_has_servers_and_soa_and_mail_comes_to_us() -> None:
    assert texts(ask("harbour-view.net", "NS")) == ["ns1.harbour-view.net.", "ns2.harbour-view.net."]
    soa = texts(ask("harbour-view.net", "SOA"))[0].split()
    assert soa[:2] == ["ns1.harbour-view.net.", "hostmaster.harbour-view.net."]
    assert len(soa) == 7
    _, exchanger = texts(ask("k3v9tq.harbour-view.net", "MX"))[0].split()
    assert texts(ask(exchanger)) == ["192.0.2.7", "192.0.2.8"]
    assert not ask("a.harbour-view.net", "NS").answer


def test_the_nearer_zone_answers() -> None:
    assert texts(ask("lab.harbour-view.net", "NS"))[0] == "ns1.lab.harbour-view.net."
    assert ask("a.lab.harbour-view.net", "HTTPS").authority[0].name == dns.name.from_text(
        "lab.harbour-view.net"
    )


def test_servers_are_named_as_the_delegation_names_them() -> None:
    server = Nameserver(
        Served(zones=("harbour-view.net",), nameservers=("ns7", "ns.other-place.org")),
        SeededRandom(b"s" * 32),
    )
    _, say = server.respond(dns.message.make_query("harbour-view.net", "NS").to_wire())
    assert isinstance(say, Send)
    assert texts(dns.message.from_wire(say.data)) == ["ns.other-place.org.", "ns7.harbour-view.net."]


def test_a_service_is_on_the_host_it_was_asked_of() -> None:
    found = texts(ask("_mongodb._tcp.k3v9tq.harbour-view.net", "SRV"))
    assert found == ["0 0 27017 k3v9tq.harbour-view.net."]
    assert not ask("_unknown._tcp.k3v9tq.harbour-view.net", "SRV").answer
    assert not ask("_tcp.harbour-view.net", "SRV").answer


def test_text_and_authority_records() -> None:
    assert texts(ask("a.harbour-view.net", "TXT")) == ['"v=spf1 -all"']
    assert texts(ask("a.harbour-view.net", "CAA")) == ['0 issue "letsencrypt.org"']


def test_a_certificate_can_be_had_by_an_alias() -> None:
    response = ask("_Acme-challenge.harbour-view.net", "TXT")
    assert response.answer[0].rdtype == dns.rdatatype.CNAME
    assert texts(response) == ["abc.acme.other-place.org."]


def test_any_is_answered_with_next_to_nothing() -> None:
    assert texts(ask("a.harbour-view.net", "ANY")) == ['"RFC8482" ""']


@pytest.mark.parametrize(
    "name", ["other-place.org", "net", ".", "xharbour-view.net", "harbour-view.net.evil.org"]
)
def test_outside_the_zones_everything_is_refused_in_no_more_bytes_than_it_came(name: str) -> None:
    query = dns.message.make_query(
        name, "ANY", use_edns=0, options=[dns.edns.ECSOption("192.0.2.0", 24)]
    ).to_wire()
    _, say = SERVER.respond(query, limit=10_000)
    assert isinstance(say, Send)
    assert dns.message.from_wire(say.data).rcode() == dns.rcode.REFUSED
    assert len(say.data) <= len(query)


@pytest.mark.parametrize("kind", ["AXFR", "IXFR"])
def test_zones_are_not_transferred(kind: str) -> None:
    assert ask("harbour-view.net", kind).rcode() == dns.rcode.REFUSED


def test_the_version_is_nobodys_business() -> None:
    query = dns.message.make_query("version.bind", "TXT", "CH")
    _, say = SERVER.respond(query.to_wire())
    assert isinstance(say, Send)
    assert dns.message.from_wire(say.data).rcode() == dns.rcode.REFUSED


@pytest.mark.parametrize("opcode", [1, 2, 4, 5, 6, 15])
def test_other_operations_are_not_implemented(opcode: int) -> None:
    data = struct.pack(">6H", 77, opcode << 11 | 0x0100, 1, 0, 0, 0) + b"\x01a\x00\x00\x01\x00\x01"
    _, say = SERVER.respond(data)
    assert isinstance(say, Send)
    assert say.data == struct.pack(">6H", 77, 0x8000 | opcode << 11 | 0x0100 | dns.rcode.NOTIMP, 0, 0, 0, 0)


def test_edns_and_the_clients_network_are_recorded_and_answered() -> None:
    query = dns.message.make_query(
        "k3v9tq.harbour-view.net", "A", want_dnssec=True, options=[dns.edns.ECSOption("198.51.100.0", 24)]
    )
    shown = noted(query)
    assert shown["role"] == "resolver"
    assert shown["client_subnet"] == "198.51.100.0/24"
    assert shown["edns"] == {"payload": query.payload, "dnssec": True}
    _, say = SERVER.respond(query.to_wire())
    assert isinstance(say, Send)
    response = dns.message.from_wire(say.data)
    assert response.ednsflags & dns.flags.DO  # RFC 3225, section 3
    option = response.options[0]
    assert isinstance(option, dns.edns.ECSOption)
    assert (option.address, option.srclen, option.scopelen) == ("198.51.100.0", 24, 24)


def test_without_edns_there_is_none_in_the_answer() -> None:
    assert ask("a.harbour-view.net", use_edns=False).edns == -1


def test_an_unknown_version_of_edns_is_told_so() -> None:
    query = dns.message.make_query("a.harbour-view.net", "A", use_edns=0).to_wire()
    data = query[:-5] + b"\x01" + query[-4:]  # OPT's TTL: extended code, version, flags; then its length
    _, say = SERVER.respond(data)
    assert isinstance(say, Send)
    assert dns.message.from_wire(say.data).rcode() == dns.rcode.BADVERS


def test_what_has_no_room_is_left_to_tcp() -> None:
    response = ask("harbour-view.net", "NS", limit=64)
    assert response.flags & dns.flags.TC
    assert not response.answer
    assert ask("harbour-view.net", "NS").answer


@given(
    labels=st.lists(st.text("abcXYZ09-", min_size=1, max_size=20), max_size=4),
    kind=st.sampled_from([int(kind) for kind in TYPES]),
    edns=st.booleans(),
    zone=st.booleans(),
)
def test_over_udp_no_answer_is_longer_than_its_limit(
    labels: list[str], kind: int, edns: bool, zone: bool
) -> None:
    name = ".".join([*labels, "harbour-view.net" if zone else "other-place.org"])
    query = dns.message.make_query(
        name, dns.rdatatype.RdataType.make(kind), use_edns=0 if edns else False
    ).to_wire()
    _, say = SERVER.respond(query, limit=2 * len(query))
    assert isinstance(say, Send)
    assert len(say.data) <= (2 if zone else 1) * len(query)
    assert len(say.data) <= (1232 if edns else 512)


def test_an_answer_is_never_answered() -> None:
    """Two servers that did would talk to each other for ever."""
    query = dns.message.make_query("a.harbour-view.net", "A")
    query.flags |= dns.flags.QR
    assert [type(step) for step in SERVER.respond(query.to_wire())] == [Record]


def test_a_question_of_endless_length_is_not_read() -> None:
    query = dns.message.make_query("a.harbour-view.net", "A").to_wire() + bytes(LONGEST_QUERY)
    note, say = SERVER.respond(query)
    assert isinstance(say, Send)
    assert note == Record("noise", {"role": "resolver"})
    assert len(say.data) == 12


@given(changes=st.lists(st.tuples(st.integers(0, 70), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_broken_query_is_a_note_and_at_most_one_answer(changes: list[tuple[int, int]]) -> None:
    data = bytearray(dns.message.make_query("k3v9tq.harbour-view.net", "A", want_dnssec=True).to_wire())
    for place, value in changes:
        data[place % len(data)] = value
    steps = list(SERVER.respond(bytes(data), 4 * len(data)))
    assert isinstance(steps[0], Record)
    for step in steps[1:]:
        assert isinstance(step, Send)
        assert step.data[:2] == data[:2]
        assert len(step.data) <= 4 * len(data)


@given(data=st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    steps = list(SERVER.respond(data, 4 * len(data)))
    assert [type(step) for step in steps] in ([Record], [Record, Send])


def test_the_name_of_a_query_that_is_broken_behind_it_is_recorded() -> None:
    data = dns.message.make_query("k3v9tq.harbour-view.net", "A", use_edns=0).to_wire()[:-3]
    note, say = SERVER.respond(data)
    assert isinstance(note, Record)
    assert note.shown["query"] == "k3v9tq.harbour-view.net"
    assert isinstance(say, Send)
    assert dns.message.from_wire(say.data).rcode() == dns.rcode.FORMERR


def test_hostile_labels_are_escaped() -> None:
    name = dns.name.Name((b'\x1b[2J". \xff', b"_tcp", b"a b", b"harbour-view", b"net", b""))
    query = dns.message.make_query(name, "SRV")
    assert noted(query)["query"].isascii()
    assert noted(query)["query"].isprintable()
    assert [type(step) for step in SERVER.respond(query.to_wire())] == [Record, Send]


@pytest.mark.parametrize(
    "bad",
    [{"zones": ("a..b",)}, {"zones": (".",)}, {"addresses": ("1.2.3",)}, {"zones": ("a" * 64 + ".net",)}],
)
def test_what_is_no_name_or_address_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no name|nobody's|the root of the DNS"):
        Nameserver(Served(**bad), SeededRandom(b"s" * 32))


def test_two_installations_differ_and_one_does_not() -> None:
    def soa(seed: bytes) -> bytes:
        server = Nameserver(Served(zones=("harbour-view.net",)), SeededRandom(seed))
        query = dns.message.make_query("harbour-view.net", "SOA", id=1).to_wire()
        return b"".join(step.data for step in server.respond(query) if isinstance(step, Send))

    assert soa(b"a" * 32) == soa(b"a" * 32)
    assert soa(b"a" * 32) != soa(b"b" * 32)
