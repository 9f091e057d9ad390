"""The shapes of what a trap saw, from the first byte to the entry: plain dicts whose fields the type checker knows.

Plain, so that what is stored stays as it always was, byte for byte. Keys that are not named here, of an older or later
release or of a plug-in, are kept and passed on. All text in them is hostile.
"""

from __future__ import annotations

from typing import NotRequired, Required, TypedDict

from canaries.core.clock import ClockReading

Notes = dict[str, object]
"""What a trap noted, by names of its own: text, integers, bytes and lists of them."""


class TlsHandshake(TypedDict, total=False):
    """A handshake, as the front saw it."""

    sni: str
    hello: bytes
    """The ClientHello with its record headers."""
    version: str
    cipher: str
    alpn: str
    """What was agreed on."""
    client_cert: bytes
    """DER."""
    error: str
    """Why it failed."""


class Via(TypedDict):
    """How a configured proxy named the client."""

    how: str
    """``proxy-protocol``, the header's name, ``sensor``: the word of the operator's own application, or
    ``provider_log``: that of a log; ``mailbox``: a mailbox elsewhere, whose server names nobody."""
    chain: list[str]
    """Who handed the connection on, the client's end first."""
    client: NotRequired[list[str | int]]
    """[address, port], where it was named; port 0: unknown."""
    destination: NotRequired[list[str | int]]
    note: NotRequired[str]
    """What was wrong with it. Without a client the address is the proxy's."""


class ClientCertificate(TypedDict, total=False):
    """What a client's certificate says. Nothing of it is verified."""

    sha256: Required[str]
    """Of the DER."""
    subject: str
    issuer: str
    error: str
    """It could not be read."""


class ClientHello(TypedDict, total=False):
    """A ClientHello, read; empty where there is none or it cannot be read."""

    ja4: str
    ja4_r: str
    offered_alpn: list[str]
    sni: str


class TlsObserved(ClientHello, total=False):
    """A handshake, read."""

    version: str
    cipher: str
    alpn: str
    error: str
    client_certificate: ClientCertificate


class Observed(TypedDict, total=False):
    """What the back half of a trap read: the fields that other rooms look at. A trap adds fields of its own.

    They come from outside: `listener.evidence.observed` reads them where an older entry may hold something else.
    """

    method: str
    target: str
    host: str
    user_agent: str
    headers: list[tuple[str, str]]
    """In the order and the case in which they came."""
    request: str
    """What a protocol without methods and targets calls its request: ``login``, ``query``."""
    client: str
    """What the client says it is, where that is no header."""
    role: str
    """Whose the address is where it is not the client's: ``resolver``, ``mail_server``, ``proxy``."""
    hassh: str
    tls: TlsObserved
    bounds: list[str]
    """Bounds of the decoder that were reached: something was not looked at."""
    unread: str
    """Why no trap could read it."""


class Endpoint(TypedDict):
    """One end of a connection."""

    ip: str
    port: int
    """0: unknown."""


class ListenerVersion(TypedDict):
    """Which program took the hit in."""

    version: str


class Whence(TypedDict):
    """What a hit says of where it came from (`HitFields`)."""

    facet: str
    trap: str
    source: Endpoint
    peer: Endpoint
    via: Via | None


class HitFields(TypedDict):
    """What every hit says."""

    canary: str
    kind: str
    facet: str
    """The strongest that was used."""
    facets: list[str]
    trap: str
    observed_at: str
    """RFC 3339."""
    source: Endpoint
    """Who counts as the client: the peer, or whom a configured proxy named."""
    peer: Endpoint
    local: Endpoint
    transport: str
    raw_sha256: str
    raw_len: int
    """Bytes kept."""
    raw_size: int
    """Bytes that came."""
    raw_truncated: bool
    sighting: str
    front: str
    number: int
    connection: int
    clock: ClockReading
    tls: dict[str, object] | None
    """`TlsHandshake`, bytes in hexadecimal."""
    via: Via | None
    answer: str
    observed: Observed
    notes: Notes
    """Bytes in hexadecimal."""
    listener: ListenerVersion


class HitBody(HitFields, total=False):
    """The body of an entry *hit*: what was observed, and nothing else."""

    raw_whole_sha256: str
    """Of all raw bytes that the journal held, where fewer are kept."""
    recognised_at: str
    """RFC 3339, where that was later than the sighting was taken in."""
    follows: str
    part: str
    """As in `listener.ingest.conversations`."""
