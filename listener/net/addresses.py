"""Addresses: one spelling for each, the v4 address inside a v6 one, and what sort of address it is.

A dual-stack socket reports a v4 peer as ``::ffff:192.0.2.1``; without one spelling the same visitor would be two.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052, 2.1: the well-known prefix; the last 32 bits are the v4 address."""

_SCOPES: tuple[tuple[str, tuple[IPv4Network | IPv6Network, ...]], ...] = tuple(
    (name, tuple(ip_network(text) for text in texts.split()))
    for name, texts in (
        ("unspecified", "0.0.0.0/8 ::/128"),
        ("loopback", "127.0.0.0/8 ::1/128"),
        ("private", "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7"),  # RFC 1918, RFC 4193
        ("cgnat", "100.64.0.0/10"),  # RFC 6598
        ("link-local", "169.254.0.0/16 fe80::/10"),
        (
            "documentation",
            "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20",
        ),  # RFC 5737, 3849, 9637
        ("benchmark", "198.18.0.0/15 2001:2::/48"),  # RFC 2544, RFC 5180
        ("multicast", "224.0.0.0/4 ff00::/8"),
        ("reserved", "192.0.0.0/24 240.0.0.0/4"),  # RFC 6890
        ("global", "0.0.0.0/0 2000::/3"),
    )
)
"""The first that contains the address names its scope."""


def normal(text: str) -> Address:
    """The address in ``text``: a v4-mapped one (RFC 4291, 2.5.5.2) as v4, a zone (``%eth0``) left off.

    Raises ValueError.
    """
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def subscriber(text: str) -> bytes:
    """What counts as one source: 4 bytes of a v4 address, or the 8 of the /64 that one v6 subscriber has (RFC 6177).

    Raises ValueError.
    """
    address = normal(text)
    return address.packed if isinstance(address, IPv4Address) else address.packed[:8]


@lru_cache(maxsize=4096)
def neighbourhoods(text: str) -> tuple[bytes, ...]:
    """The networks whose addresses one attacker is likely to have all of, the smallest first: an IPv4 /24; an IPv6
    /56, which one customer is given, and the /48 around it (RFC 6177). What is no address is one by its spelling."""
    try:
        address = normal(text)
    except ValueError:
        return (text.encode("utf-8", "surrogatepass")[:256],)
    packed = address.packed
    return (packed[:3],) if isinstance(address, IPv4Address) else (packed[:7], packed[:6])


def embedded(address: Address) -> tuple[str, IPv4Address] | None:
    """How and which v4 address a v6 one carries: ``6to4`` (RFC 3056), ``teredo`` (RFC 4380; the client), ``nat64``."""
    if isinstance(address, IPv4Address):
        return None
    if address.sixtofour is not None:
        return "6to4", address.sixtofour
    if address.teredo is not None:
        return "teredo", address.teredo[1]
    if address in _NAT64:
        return "nat64", IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


def scope(address: Address) -> str:
    """``global``, ``private``, ``loopback``, ``cgnat``, ``documentation`` ...; ``reserved`` where no range is known."""
    for name, networks in _SCOPES:
        if any(address.version == network.version and address in network for network in networks):
            return name
    return "reserved"
