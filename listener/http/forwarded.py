"""Who the client is, in the words of configured proxies: ``X-Forwarded-For`` and ``Forwarded`` (RFC 7239).

Each proxy appends the address it was reached from, so the list is read from the right, and only as far as the addresses
are configured proxies: everything left of the first stranger was written by that stranger. Which header counts is
a setting, for a proxy that writes one of them passes the other on as the client sent it.
"""

from __future__ import annotations

import re

from listener.evidence.shapes import Via
from listener.net.addresses import normal
from listener.net.networks import Networks

HEADERS = ("x-forwarded-for", "forwarded")

_PAIR = re.compile(r'\s*([!#$%&\'*+.^_`|~0-9A-Za-z-]+)=("(?:[^"\\]|\\.)*"|[^\s;,"]*)\s*([;,]|\Z)')
"""One ``name=value`` of RFC 7239 section 4 and what ends it."""

_CHAIN_LIMIT = 32
"""Hops that are looked at; no real chain is longer."""


def via(
    headers: list[tuple[bytes, bytes]], header: str, proxies: Networks, peer: tuple[str, int]
) -> Via | None:
    """`Sighting.via` for a request that came from ``peer``; None where ``peer`` is no known proxy or said nothing."""
    if peer[0] not in proxies:
        return None
    wanted = header.encode()
    values = [value.decode("latin-1") for name, value in headers if name.lower() == wanted]
    if not values:
        return None
    elements = _listed(values) if header == "x-forwarded-for" else _forwarded(values)
    client: tuple[str, int] | None = None
    for element in reversed(elements[-_CHAIN_LIMIT:]):
        node = _node(element)
        client = node
        if node is None or node[0] not in proxies:
            break
    found = Via(how=header, chain=elements[-_CHAIN_LIMIT:])
    if client is not None:
        found["client"] = [*client]
    return found


def _listed(values: list[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",")]


def _forwarded(values: list[str]) -> list[str]:
    """The ``for`` of each element, empty where an element has none or cannot be read."""
    elements: list[str] = []
    for value in values:
        position, current = 0, ""
        while position < len(value):
            match = _PAIR.match(value, position)
            if (
                match is None
            ):  # unreadable: nothing left of here can be trusted, and nothing right of it lined up
                return [*elements, ""]
            if match[1].lower() == "for":
                current = re.sub(r"\\(.)", r"\1", match[2].strip('"'))
            if match[3] != ";":
                elements.append(current)
                current = ""
            position = match.end()
            if not match[3]:
                break
    return elements


def _node(text: str) -> tuple[str, int] | None:
    """Address and port (0: not given) of a node (RFC 7239 section 6), None for ``unknown``, ``_hidden`` and rubbish."""
    host, port = text, ""
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        if port and not port.startswith(":"):
            return None
        port = port[1:]
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    try:
        found = str(normal(host))
    except ValueError:
        return None
    number = int(port) if port.isascii() and port.isdigit() and len(port) <= 5 else 0
    return found, number if number <= 65535 else 0
