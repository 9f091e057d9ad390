"""What bait asks of the installation's private keys, so that no kind is ever given one.

Traps recognise what was signed here by the same keys: a redirect's target, a marked SSH key, a wrapped OpenVPN key, a
client certificate. The keys live in the closures of a `BaitSigner`; no attribute and no ``repr`` holds one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from canaries.crypto.sieve import Sieve
from canaries.protocols import openvpn, push_endpoints, redirect_links, ssh_keys, wireguard

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric import ec

    from canaries.crypto.seeded_random import SeededRandom
    from canaries.protocols import ca


@dataclass(frozen=True, slots=True)
class BaitSigner:
    """The operations of one installation's keys."""

    sign_link: Callable[[str], str]
    """Target URL to the query that makes a trap redirect there; empty where a trap would not follow it."""
    sign_client_certificate: (
        Callable[[ec.EllipticCurvePublicKey, tuple[str, str], bytes, datetime], bytes] | None
    )
    """(client's key, (organisation, common name), 16 bytes of serial, beginning) to PEM, signed by the installation's
    CA; None where its key is not here. See `canaries.protocols.ca.client_certificate`."""
    ssh_ed25519: Callable[[SeededRandom], ssh_keys.PrivateKey]
    """A key for bait that an SSH trap of this installation accepts."""
    ssh_rsa: Callable[[SeededRandom], ssh_keys.PrivateKey]
    """The same, RSA."""
    ssh_host_public: Callable[[], str]
    """The SSH traps' own public key, as in known_hosts."""
    wireguard_public: Callable[[], bytes]
    """The WireGuard trap's public key, 32 bytes."""
    wrap_openvpn_key: Callable[[bytes, bytes], bytes]
    """(client key, metadata) to the tls-crypt-v2 wrapped key that only an OpenVPN trap of this installation opens."""
    push_subscription: Callable[[int, bytes], tuple[str, push_endpoints.SubscriptionKeys]]
    """(seconds since the epoch, random bytes) to the token of an endpoint and its keys (`push_endpoints`)."""
    sieved: Callable[[str, str], str]
    """(text, alphabet) to the text with another last character: then the traps do not take it for a guess."""


def signer(
    front_key: bytes,
    ca_pem: str = "",
    ca_key: str = "",
    *,
    sieved: bool = True,
    lookup: Callable[[], bytes] = lambda: bytes(32),
) -> BaitSigner:
    """The operations of these keys: the traps' own, and the CA's certificate and key (PEM).

    ``sieved``: False makes again what was minted before there was a sieve. ``lookup``: gives the ``lookup`` key.
    """

    def link(target: str) -> str:
        query = redirect_links.redirect_query(front_key, target)
        return query if redirect_links.redirect_target(front_key, query) == target else ""

    def certificate(
        key: ec.EllipticCurvePublicKey, names: tuple[str, str], serial: bytes, begins: datetime
    ) -> bytes:
        from canaries.protocols.ca import (
            client_certificate,  # X.509 is heavy, and few kinds bring certificates
        )

        return client_certificate(authority(), key, names, serial, begins)

    @cache
    def authority() -> ca.Authority:
        from canaries.protocols.ca import Authority

        return Authority.parse(ca_key.encode(), ca_pem.encode())

    def subscription(seconds: int, drawn: bytes) -> tuple[str, push_endpoints.SubscriptionKeys]:
        token = push_endpoints.endpoint_token(front_key, seconds, drawn)
        return token, push_endpoints.subscription_keys(lookup(), token)

    return BaitSigner(
        sign_link=link,
        sign_client_certificate=certificate if ca_key else None,
        ssh_ed25519=lambda stream: ssh_keys.bait_ed25519(stream, front_key),
        ssh_rsa=lambda stream: ssh_keys.bait_rsa(stream, front_key),
        ssh_host_public=cache(lambda: ssh_keys.host_public(front_key)),
        wireguard_public=cache(lambda: wireguard.server_pair(front_key).public),
        wrap_openvpn_key=lambda key, metadata: openvpn.server_key(front_key).wrap(key, metadata),
        push_subscription=subscription,
        sieved=Sieve(front_key).passing if sieved else lambda text, alphabet: text,
    )
