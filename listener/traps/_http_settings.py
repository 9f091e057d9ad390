"""What the HTTP trap can be told."""

from __future__ import annotations

from dataclasses import dataclass

from listener.http import forwarded
from listener.net.networks import Networks


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """``[traps.http]``."""

    bind: tuple[str, ...] = ("127.0.0.1:8080",)
    """Addresses; TLS and plain HTTP are told apart by the first byte."""
    personas: tuple[str, ...] = ()
    """Imitated services that answer on any name and path, whether live bait needs them or not; ``all``: every one. The
    others answer where live bait leads (`listener.http.open_services`)."""
    tls: bool = True
    """Whether TLS is spoken at all."""
    http2: bool = True
    """Whether TLS offers HTTP/2 to clients that know it, as nginx does where it is switched on."""
    client_certificates: bool = False
    """Whether clients are asked for one, as some baits bring it. It must be signed by the installation's CA: with any
    other the handshake fails, and only the server name is seen."""
    proxy_protocol_from: tuple[str, ...] = ()
    """Networks of proxies whose connections must begin with a PROXY header (v1 or v2); nobody else's is read."""
    forwarded_from: tuple[str, ...] = ()
    """Networks of proxies whose ``forwarded_header`` is believed; anybody else's is kept as a claim."""
    forwarded_header: str = "x-forwarded-for"
    """The one that these proxies write; others pass through them as the client sent them. ``x-forwarded-for`` and
    ``forwarded`` are lists, any other (``x-real-ip``, ``cf-connecting-ip``, ``true-client-ip``) holds one address."""
    connections: int = 4096
    """At a time, altogether."""
    connections_per_source: int = 512
    """At a time, from one address."""
    head_bytes: int = 65_536
    """Longest request line and headers."""
    kept_bytes: int = 1_048_576
    """Of a request; the rest is counted and noted as cut."""
    body_bytes: int = 67_108_864
    """A longer body is not read to its end."""
    greeting_seconds: float = 10.0
    """For the PROXY header or ClientHello, and for the TLS handshake."""
    linger_seconds: float = 1.0
    """For what a client says behind the last answer of a connection, or behind what it says first in a tunnel."""
    idle_seconds: float = 75.0
    """A connection without a request is closed (``keepalive_timeout``)."""
    head_seconds: float = 60.0
    """For a request's head, from its first byte (``client_header_timeout``)."""
    body_seconds: float = 60.0
    """Between two pieces of a body that is read before it is answered (``client_body_timeout``)."""
    body_wait_seconds: float = 0.02
    """For the next piece of a body that the answer does not depend on; what comes later is a record of its own."""
    request_seconds: float = 120.0
    """For a whole request, and for taking its answer."""

    def __post_init__(self) -> None:
        for networks in (self.proxy_protocol_from, self.forwarded_from):
            Networks(networks)
        if not forwarded.NAME.match(self.forwarded_header.lower()):
            raise ValueError(f"forwarded_header {self.forwarded_header!r} is not the name of a header")
