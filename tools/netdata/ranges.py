"""Sets of address ranges as sorted lists of (first, last, value): joining, layering, cutting. Pure.

Addresses are integers. IPv4 is kept apart from IPv6 until a database is written, so 0x08080808 of one list is never
mistaken for ``::808:808``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import pairwise
from typing import Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")

Ranges = list[tuple[int, int, T]]
"""Sorted and disjoint, both ends inclusive."""

RESERVED: dict[int, tuple[str, ...]] = {
    4: (
        "0.0.0.0/8",  # RFC 1122
        "10.0.0.0/8",  # RFC 1918
        "100.64.0.0/10",  # RFC 6598
        "127.0.0.0/8",
        "169.254.0.0/16",  # RFC 3927
        "172.16.0.0/12",
        "192.0.0.0/24",  # RFC 6890
        "192.0.2.0/24",  # RFC 5737, as 198.51.100.0/24 and 203.0.113.0/24
        "192.168.0.0/16",
        "198.18.0.0/15",  # RFC 2544
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, and RFC 1112's reserved rest
    ),
    6: (
        "::/3",  # unspecified, loopback, mapped, NAT64: only 2000::/3 is assigned
        "2001:2::/48",  # RFC 5180
        "2001:db8::/32",  # RFC 3849
        "3fff::/20",  # RFC 9637
        "4000::/2",
        "8000::/1",
    ),
}
"""Space of the IANA special-purpose registries, which no list may give to anybody."""


@dataclass(frozen=True, slots=True)
class Claim(Generic[T]):
    """One list's word about one network."""

    network: IPv4Network | IPv6Network
    value: T


def parse(text: str) -> IPv4Network | IPv6Network:
    """A network or a single address, host bits ignored; a v4-mapped one as v4. Raises ValueError."""
    network = ip_network(text.strip(), strict=False)
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    return ip_network((mapped, network.prefixlen - 96)) if mapped and network.prefixlen >= 96 else network


def layered(claims: Iterable[Claim[T]], version: int) -> Ranges[tuple[T, ...]]:
    """Every stretch of addresses with all that was claimed of it, the narrowest network first; none is dropped.

    Of claims about equally large networks the order is that of their text, so the result does not depend on the order
    of the lists.
    """
    spans = sorted(
        {
            (int(claim.network.network_address), int(claim.network.broadcast_address), claim.value)
            for claim in claims
            if claim.network.version == version
        },
        key=lambda span: (span[0], span[1], repr(span[2])),
    )
    edges = sorted({edge for first, last, _ in spans for edge in (first, last + 1)})
    found: Ranges[tuple[T, ...]] = []
    active: list[tuple[int, int, T]] = []
    waiting = 0
    for edge, following in pairwise(edges):
        active = [span for span in active if span[1] >= edge]
        while waiting < len(spans) and spans[waiting][0] == edge:
            active.append(spans[waiting])
            waiting += 1
        if not active:
            continue
        inner = sorted(active, key=lambda span: (span[1] - span[0], repr(span[2])))
        values = tuple(dict.fromkeys(value for _, _, value in inner))
        if found and found[-1][1] == edge - 1 and found[-1][2] == values:
            found[-1] = found[-1][0], following - 1, values
        else:
            found.append((edge, following - 1, values))
    return found


def merged(ranges: Iterable[tuple[int, int, T]]) -> Ranges[T]:
    """The same with neighbours of one value as one range."""
    found: Ranges[T] = []
    for first, last, value in ranges:
        if found and found[-1][1] == first - 1 and found[-1][2] == value:
            found[-1] = found[-1][0], last, value
        else:
            found.append((first, last, value))
    return found


def joined(left: Ranges[T], right: Ranges[U]) -> Ranges[tuple[T | None, U | None]]:
    """Every stretch of addresses that either list knows, with the word of both; None where one is silent."""
    edges = sorted({edge for side in (left, right) for first, last, _ in side for edge in (first, last + 1)})
    found: Ranges[tuple[T | None, U | None]] = []
    a = b = 0
    for edge, following in pairwise(edges):
        while a < len(left) and left[a][1] < edge:
            a += 1
        while b < len(right) and right[b][1] < edge:
            b += 1
        here = left[a][2] if a < len(left) and left[a][0] <= edge else None
        there = right[b][2] if b < len(right) and right[b][0] <= edge else None
        if here is None and there is None:
            continue
        if found and found[-1][1] == edge - 1 and found[-1][2] == (here, there):
            found[-1] = found[-1][0], following - 1, (here, there)
        else:
            found.append((edge, following - 1, (here, there)))
    return found


def without(ranges: Ranges[T], holes: Sequence[str]) -> Ranges[T]:
    """The ranges less the networks ``holes``."""
    cut = sorted(
        (int(network.network_address), int(network.broadcast_address)) for network in map(ip_network, holes)
    )
    found: Ranges[T] = []
    for first, last, value in ranges:
        start = first
        for low, high in cut:
            if high < start or low > last:
                continue
            if low > start:
                found.append((start, low - 1, value))
            start = high + 1
            if start > last:
                break
        if start <= last:
            found.append((start, last, value))
    return found
