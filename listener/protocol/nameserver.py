"""An authoritative name server without sockets: every name under a delegated zone exists and resolves alike.

Hence nobody learns by asking which names are bait: there is no NXDOMAIN, only "no such record here" (RFC 2308, 2.2),
and outside the zones a refusal. Answers are small: no additional section, ANY answered minimally (RFC 8482), and over
UDP what does not fit is left to TCP (the TC bit). Bytes are parsed by dnspython alone.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdatatype import RdataType
from dns.rdtypes.IN.SRV import SRV

from canaries.core.text import decoded
from canaries.crypto.seeded_random import SeededRandom
from listener.protocol.conversation import Record, Send

LONGEST_QUERY = 4096
"""Bytes; a question and its EDNS options have room in a few hundred. Parsing costs by length."""
_HEADER = struct.Struct(">6H")
_PAYLOAD = 1232
"""Over UDP (the DNS flag day 2020): more may arrive in fragments, or not at all."""
_CLASSIC_PAYLOAD = 512
"""RFC 1035, 4.2.1: without EDNS."""
_QR, _OPCODE, _RD, _TC = 0x8000, 0x7800, 0x0100, int(dns.flags.TC)
_TRANSFERS = (RdataType.AXFR, RdataType.IXFR)


@dataclass(frozen=True, slots=True)
class Served:
    """What the server says; texts in the presentation form of zone files."""

    zones: tuple[str, ...] = ()
    """Without a dot at the end."""
    addresses: tuple[str, ...] = ()
    """A and AAAA of every name."""
    nameservers: tuple[str, ...] = ()
    """Names of the servers; relative ones (no dot) are under the zone."""
    ttl: int = 30
    """Seconds: the shorter, the more uses are seen."""
    services: Mapping[str, int] = field(default_factory=dict)
    """``_service._proto`` to port, for SRV."""
    texts: tuple[str, ...] = ()
    """TXT of every name."""
    issuers: tuple[str, ...] = ()
    """CAA ``issue`` of every name."""
    challenges: str = ""
    """The name that ``_acme-challenge`` is an alias of (RFC 8555, 8.4), or empty."""


class Nameserver:
    """Answers queries: alike for like queries, but for the order of records, which dnspython shuffles as servers do."""

    def __init__(self, served: Served, stream: SeededRandom) -> None:
        """``stream`` shapes what differs between installations. Raises ValueError for what is no name or address."""
        self._served, self._stream = served, stream
        try:
            zones = [dns.name.from_text(zone) for zone in served.zones]
            self._zones = sorted(zones, key=len, reverse=True)  # of two that hold a name, the nearer one
            self._plain = self._records()
            self._challenges = dns.name.from_text(served.challenges) if served.challenges else None
            self._apexes = {zone: self._apex(zone) for zone in self._zones}
        except (dns.exception.DNSException, UnicodeError) as error:
            raise ValueError(f"no name or address: {error}") from error
        if dns.name.root in self._apexes:
            raise ValueError("the root of the DNS cannot be a zone here")

    def respond(self, data: bytes, limit: int | None = None) -> Iterator[Record | Send]:
        """One message. ``limit``: over UDP, the most bytes an answer may have; None: over TCP."""
        if len(data) < _HEADER.size or data[2] & 0x80:  # too short, or an answer: answering those makes loops
            yield Record("noise", {"role": "resolver"})
            return
        if len(data) > LONGEST_QUERY:
            yield Record("noise", {"role": "resolver"})
            yield Send(_bare(data, dns.rcode.FORMERR))
            return
        if data[2] & (_OPCODE >> 8):
            yield Record("query", {"role": "resolver", "opcode": (data[2] >> 3) & 15})
            yield Send(_bare(data, dns.rcode.NOTIMP))
            return
        query = _parsed(data)
        yield Record("query", _shown(query or _parsed(data, question_only=True)))
        whole = query is not None and len(query.question) == 1
        yield Send(self._answer(query, limit) if query and whole else _bare(data, dns.rcode.FORMERR))

    def _answer(self, query: dns.message.Message, limit: int | None) -> bytes:
        response = dns.message.make_response(query, our_payload=_PAYLOAD)
        if query.edns >= 0:
            response.use_edns(0, query.ednsflags & dns.flags.DO, _PAYLOAD, options=_scoped(query)[:1])
        if query.edns > 0:
            response.set_rcode(dns.rcode.BADVERS)  # RFC 6891, 6.1.3
        else:
            self._fill(response, query.question[0])
        wire = response.to_wire()
        room = _room(query, limit)
        if len(wire) > room:
            response.flags |= dns.flags.TC
            response.answer, response.authority = [], []
            wire = response.to_wire()
        if len(wire) > room:  # the echoed option of a query that is nothing but options
            response.use_edns(0, 0, _PAYLOAD)
            wire = response.to_wire()
        return wire

    def _fill(self, response: dns.message.Message, question: dns.rrset.RRset) -> None:
        name, kind = question.name, question.rdtype
        zone = next((zone for zone in self._zones if name.is_subdomain(zone)), None)
        if zone is None or question.rdclass != dns.rdataclass.IN or kind in _TRANSFERS:
            response.set_rcode(dns.rcode.REFUSED)
            return
        response.flags |= dns.flags.AA
        records = self._found(name, zone, kind)
        if records:
            response.answer.append(dns.rrset.from_rdata_list(name, self._served.ttl, records))
        else:
            soa = self._apexes[zone][RdataType.SOA]
            response.authority.append(dns.rrset.from_rdata_list(zone, self._served.ttl, soa))

    def _found(self, name: dns.name.Name, zone: dns.name.Name, kind: RdataType) -> Sequence[dns.rdata.Rdata]:
        """The records of a type at a name. A function of the name's place in the zone alone, never of who it is."""
        first = name.labels[0].lower()
        if self._challenges is not None and first == b"_acme-challenge":
            return [_rdata("CNAME", self._challenges.to_text())]
        if kind == RdataType.SRV:
            return self._service(name, zone)
        if kind == RdataType.MX:
            return self._apexes[zone][RdataType.MX]
        if name == zone and kind in (RdataType.NS, RdataType.SOA):
            return self._apexes[zone][kind]
        return self._plain.get(kind, ())

    def _service(self, name: dns.name.Name, zone: dns.name.Name) -> Sequence[dns.rdata.Rdata]:
        """SRV (RFC 2782): the service on the host that the name is about, which is in the same zone."""
        if len(name) < len(zone) + 2:
            return ()
        service = b".".join(name.labels[:2]).lower().decode("latin-1")
        port = self._served.services.get(service)
        if port is None:
            return ()
        host = dns.name.Name(name.labels[2:])
        return [SRV(dns.rdataclass.IN, RdataType.SRV, 0, 0, port, host)]  # type: ignore[no-untyped-call]

    def _records(self) -> dict[RdataType, list[dns.rdata.Rdata]]:
        """What every name has."""
        served = self._served
        found: dict[RdataType, list[dns.rdata.Rdata]] = {
            RdataType.ANY: [_rdata("HINFO", '"RFC8482" ""')],
            RdataType.TXT: [_rdata("TXT", _quoted(text)) for text in served.texts],
            RdataType.CAA: [_rdata("CAA", f"0 issue {_quoted(issuer)}") for issuer in served.issuers],
        }
        for address in served.addresses:
            kind = RdataType.AAAA if ":" in address else RdataType.A
            found.setdefault(kind, []).append(_rdata(kind.name, address))
        return found

    def _apex(self, zone: dns.name.Name) -> dict[RdataType, list[dns.rdata.Rdata]]:
        """What a zone has at its top; MX for every name in it."""
        servers = [dns.name.from_text(name, zone if "." not in name else dns.name.root).to_text()
                   for name in self._served.nameservers or ("ns1", "ns2")]  # fmt: skip
        mail = dns.name.from_text(self._mail, zone).to_text()
        contact = dns.name.from_text("hostmaster", zone).to_text()
        return {
            RdataType.NS: [_rdata("NS", server) for server in servers],
            RdataType.SOA: [_rdata("SOA", f"{servers[0]} {contact} {self._timers} {self._served.ttl}")],
            RdataType.MX: [_rdata("MX", f"10 {mail}")],
        }

    @cached_property
    def _mail(self) -> str:
        return self._stream.pick("mail", ("mail", "mx", "mx1", "smtp", "mx01"))

    @cached_property
    def _timers(self) -> str:
        """Serial (RFC 1912, 2.2: a date and a number), refresh, retry, expire; each in usual sizes."""
        stream = self._stream
        day = f"{stream.between('month', 1, 12):02d}{stream.between('day', 1, 28):02d}"
        serial = f"{stream.between('year', 2021, 2025)}{day}{stream.between('number', 1, 9):02d}"
        timers = (
            "7200 3600 1209600",
            "10800 3600 604800",
            "3600 900 1209600",
            "86400 7200 3600000",
            "14400 1800 604800",
        )
        return f"{serial} {stream.pick('timers', timers)}"


def _rdata(kind: str, text: str) -> dns.rdata.Rdata:
    return dns.rdata.from_text("IN", kind, text)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _bare(data: bytes, rcode: int) -> bytes:
    """An answer of nothing but a header: same id, same opcode, RD copied (RFC 1035, 4.1.1)."""
    number, flags = struct.unpack_from(">HH", data)
    return _HEADER.pack(number, _QR | (flags & (_OPCODE | _RD)) | rcode, 0, 0, 0, 0)


def _room(query: dns.message.Message, limit: int | None) -> int:
    if limit is None:
        return 65_535
    payload = max(_CLASSIC_PAYLOAD, min(query.payload, _PAYLOAD)) if query.edns >= 0 else _CLASSIC_PAYLOAD
    return min(payload, limit)


def _scoped(query: dns.message.Message) -> list[dns.edns.Option]:
    """As if the answer were made for that network alone (RFC 7871, 7.2.1): another network's use then asks here too."""
    return [
        dns.edns.ECSOption(option.address, option.srclen, option.srclen)
        for option in query.options
        if isinstance(option, dns.edns.ECSOption)
    ]


def _parsed(data: bytes, *, question_only: bool = False) -> dns.message.Message | None:
    try:
        return dns.message.from_wire(data, ignore_trailing=True, question_only=question_only)
    except (dns.exception.DNSException, ValueError):
        return None


def _shown(query: dns.message.Message | None) -> dict[str, Any]:
    """What a query shows. Its source is a resolver's address, not that of who looks the name up."""
    shown: dict[str, Any] = {"role": "resolver"}
    if query is None or not query.question:
        return shown
    question = query.question[0]
    shown["query"] = question.name.to_text(omit_final_dot=True)
    shown["type"] = dns.rdatatype.to_text(question.rdtype)
    if question.rdclass != dns.rdataclass.IN:
        shown["class"] = dns.rdataclass.to_text(question.rdclass)
    shown["recursion_desired"] = bool(query.flags & dns.flags.RD)
    if query.edns >= 0:
        shown["edns"] = {"payload": query.payload, "dnssec": bool(query.ednsflags & dns.flags.DO)}
    for option in query.options:
        if isinstance(option, dns.edns.ECSOption):
            shown["client_subnet"] = f"{option.address}/{option.srclen}"
        elif isinstance(option, dns.edns.GenericOption):
            shown.setdefault("options", []).append(f"{int(option.otype)}={decoded(option.data)}")
    return shown
