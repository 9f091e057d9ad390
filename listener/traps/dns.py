"""The DNS trap: authoritative for the zones that the operator has delegated to it, over UDP and TCP.

The name looked up is the token, so a look-up already tells that bait was touched, also where the connection that should
follow never comes. Who asks is a resolver (``role``), mostly the visitor's network's or a public one; what a resolver
adds about its client (EDNS client subnet, RFC 7871) is recorded with the query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from canaries.core.web_address import port_number
from canaries.crypto.sieve import Sieve
from listener.evidence import observed
from listener.evidence.reading import Reading
from listener.evidence.sighting import Sighting
from listener.protocol.candidates import sighting_candidates, text_candidates
from listener.protocol.conversation import Close, Conversation, Record, Send, Step
from listener.protocol.datagram_exchange import DatagramExchange
from listener.protocol.identity import Identity
from listener.protocol.nameserver import LONGEST_QUERY, Nameserver, Served
from listener.traps._datagram import BothSettings, BothTrap

if TYPE_CHECKING:
    from listener.net.context import TrapContext

_GROWTH = 4
"""An A record answered is 1.3 times its query, SOA and NS three times; what would be more goes over TCP."""
_SHORTEST_LABEL = 12
"""Characters of a bait's label: more by far."""
_MOST_LABELS, _LONGEST_LABEL = 128, 63
_HOST = re.compile(rb"[A-Za-z0-9._-]+")
_QUERY = re.compile(rb".{4}\0\x01\0\0\0\0\0[\0\x01]", re.DOTALL)
"""A header with one question and at most one additional record (RFC 1035, section 4.1.1)."""
_NO_MORE = re.compile(
    rb"\0\0[^\0]\0[\x01-\x04](?:\0\0\x29.{2}\0\0.{2}(?:\0\0|\0\x0c\0\x0a\0\x08.{8}))?", re.DOTALL
)
"""The name's end, type and class, and EDNS (RFC 6891, section 6.1.2) without options or with a cookie (RFC 7873)."""


@dataclass(frozen=True, slots=True)
class DnsSettings(BothSettings):
    """``[traps.dns]``."""

    bind: tuple[str, ...] = ("127.0.0.1:53",)
    tls: bool = True
    """Over TCP; told apart by the first byte, which in a length would mean more than any query has (RFC 7858)."""
    idle_seconds: float = 10.0
    """RFC 7766, 6.2.3: of the order of seconds."""
    zones: tuple[str, ...] = ()
    """Domains delegated to this server, outside which every query is recorded and refused; empty: the catch domain."""
    addresses: tuple[str, ...] = ()
    """A and AAAA of every name in them: where the other traps are reached."""
    nameservers: tuple[str, ...] = ()
    """As the delegation names them; empty: ns1 and ns2 of each zone."""
    ttl: int = 30
    """Seconds that resolvers may keep an answer: each use within them is not seen."""
    services: tuple[str, ...] = (
        "_mongodb._tcp=27017",
        "_ldap._tcp=389",
        "_ldaps._tcp=636",
        "_imap._tcp=143",
        "_imaps._tcp=993",
        "_pop3._tcp=110",
        "_pop3s._tcp=995",
        "_submission._tcp=587",
        "_submissions._tcp=465",
        "_postgresql._tcp=5432",
        "_mysql._tcp=3306",
        "_amqp._tcp=5672",
        "_mqtt._tcp=1883",
    )
    """SRV records of every name: service and port."""
    texts: tuple[str, ...] = ()
    """TXT records of every name. None by default: MongoDB's clients take a TXT for connection options."""
    issuers: tuple[str, ...] = ()
    """CAA: who may issue certificates; empty: no such record."""
    challenges: str = ""
    """Where ``_acme-challenge`` of each zone is an alias to, for a wildcard certificate by DNS-01; empty: nowhere."""

    def __post_init__(self) -> None:
        BothSettings.__post_init__(self)
        if not 0 <= self.ttl <= 86_400:
            raise ValueError("ttl is 0 to 86400 seconds")
        Nameserver(self.served(), Identity(bytes(32)).stream("dns"))

    def served(self) -> Served:
        """For the name server. Raises ValueError."""
        return Served(
            zones=tuple(zone.lower().strip(".") for zone in self.zones),
            addresses=self.addresses,
            nameservers=self.nameservers,
            ttl=self.ttl,
            services=dict(_service(text) for text in self.services),
            texts=self.texts,
            issuers=self.issuers,
            challenges=self.challenges,
        )


def _service(text: str) -> tuple[str, int]:
    name, _, port = text.partition("=")
    number = port_number(port)
    if not name.startswith("_") or number is None:
        raise ValueError(f"services: {text!r} is not _service._proto=port")
    return name.lower(), number


class DnsExchange(DatagramExchange):
    """DNS over UDP."""

    growth = _GROWTH

    def __init__(self, identity: Identity, settings: DnsSettings) -> None:
        super().__init__(identity, settings)
        self._server = Nameserver(settings.served(), identity.stream("dns"))
        self._sieve = Sieve(identity.key)

    def likely(self, data: bytes) -> bool:
        return any(
            self._sieve.may_be_label(label) for label in _labels(data) if len(label) >= _SHORTEST_LABEL
        )

    def respond(self, data: bytes) -> Iterable[Record | Send]:
        return self._server.respond(data, limit=self.growth * len(data))


class DnsConversation(Conversation):
    """DNS over TCP: each message behind its length (RFC 1035, 4.2.2), many in a connection (RFC 7766, 6.2.1.1)."""

    def __init__(self, identity: Identity, number: int, server: Nameserver | None = None) -> None:
        super().__init__(identity, number)
        self._server = server or Nameserver(Served(), identity.stream("dns"))

    def feed(self, data: bytes) -> Iterator[Step]:
        self._buffer += data
        while len(self._buffer) >= 2:
            length = int.from_bytes(self._buffer[:2], "big")
            if not 12 <= length <= LONGEST_QUERY:
                self._buffer.clear()
                yield Record("noise", {"role": "resolver"})
                yield Close()
                return
            if len(self._buffer) < 2 + length:
                return
            message = bytes(self._buffer[2 : 2 + length])
            del self._buffer[: 2 + length]
            for step in self._server.respond(message):
                yield Send(len(step.data).to_bytes(2, "big") + step.data) if isinstance(step, Send) else step


class DnsTrap(BothTrap):
    """DNS."""

    name = "dns"
    Settings = DnsSettings
    exchange = DnsExchange
    conversation = DnsConversation

    def __init__(self, settings: DnsSettings, front: TrapContext) -> None:
        if not settings.zones and front.domain:
            settings = replace(settings, zones=(front.domain,))
        super().__init__(settings, front)
        self._server = Nameserver(settings.served(), front.identity.stream("dns"))

    def converse(self, number: int) -> Conversation:
        return DnsConversation(self.front.identity, number, self._server)

    @staticmethod
    def read(sighting: Sighting) -> Reading:
        """The name whole, what follows each of its dots, each label; all in lower case: resolvers play with it."""
        name = str(sighting.notes.get("query", "")).lower()
        asked = _only_asked(sighting.raw)
        found = text_candidates([asked]) if asked else sighting_candidates(sighting)
        return Reading(observed.from_notes(sighting.notes), [*_parts(name), *found.all()], found.bounds)


def _only_asked(query: bytes) -> bytes:
    """The name of a query that says nothing else, as most do: what its notes say is that name too. Empty for another,
    and for a name of other characters than hosts have."""
    match = _QUERY.match(query)
    if match is None:
        return b""
    labels, end = [], match.end()
    while end < len(query) and 0 < query[end] <= _LONGEST_LABEL:
        labels.append(query[end + 1 : end + 1 + query[end]])
        end += 1 + query[end]
    name = b".".join(labels)
    return name if _HOST.fullmatch(name) and _NO_MORE.fullmatch(query, end) else b""


def _labels(query: bytes) -> Iterator[str]:
    """Of the first question (RFC 1035, section 4.1.2), as far as they go."""
    at = 12
    for _ in range(_MOST_LABELS):
        length = query[at] if at < len(query) else 0
        if not 0 < length <= _LONGEST_LABEL:
            return
        yield query[at + 1 : at + 1 + length].decode("latin-1")
        at += 1 + length


def _parts(name: str) -> Iterator[bytes]:
    labels = name.encode("utf-8", "replace").split(b".")[:_MOST_LABELS]
    for number in range(len(labels)):
        yield b".".join(labels[number:])
    yield from labels
