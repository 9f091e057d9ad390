"""Who the client is, in the words of configured proxies.

``X-Forwarded-For`` and ``Forwarded`` (RFC 7239) are lists; any other header holds one address, which proxies and
content networks set in place of what the client sent: ``X-Real-IP``, ``CF-Connecting-IP``, ``True-Client-IP`` (Akamai,
Cloudflare), ``Fly-Client-IP``, ``Fastly-Client-IP`` and their like.

Each proxy appends the address it was reached from, so a list is read from the right, and only as far as the addresses
are configured proxies: everything left of the first stranger was written by that stranger. Which header counts is
a setting, for a proxy that writes one of them passes the others on as the client sent them.

What cannot be read ends the reading: the last sound claim to its right counts, and a note says why. Where there is none
the proxy's own address is shown, with that note; nothing left of it is believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from listener.evidence.shapes import Via
from listener.net.addresses import normal
from listener.net.networks import Networks

LIST = "x-forwarded-for"
RFC7239 = "forwarded"
NAME = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]{1,64}\Z")
"""A header's name in lower case (RFC 9110, 5.6.2)."""

_PAIR = r"""[!#$%&'*+.^_`|~0-9A-Za-z-]+=(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*)"""
_ELEMENT = re.compile(rf"\s*{_PAIR}\s*(?:;\s*{_PAIR}\s*)*\Z")
"""One element of RFC 7239, section 4."""
_FOR = re.compile(r'(?:^|;)\s*for=("(?:[^"\\]|\\.)*"|[^\s;,"]*)', re.IGNORECASE)
_HIDDEN = re.compile(r"(?:unknown|_[A-Za-z0-9._-]+)(?::[0-9A-Za-z._-]+)?\Z", re.IGNORECASE)
"""A proxy that will not say (RFC 7239, section 6.2 and 6.3)."""

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
    read = {LIST: _listed, RFC7239: _forwarded}.get(header, _single)
    elements = [element for _, element in zip(range(_CHAIN_LIMIT), read(values), strict=False)]
    found = Via(how=header, chain=elements[::-1])
    client, note = _walk(elements, proxies)
    if client is not None:
        found["client"] = [*client]
    if note:
        found["note"] = note if client else f"{note}: the client is not known, the address is the proxy's"
    return found


def _walk(elements: list[str], proxies: Networks) -> tuple[tuple[str, int] | None, str]:
    """The client, and what was wrong. ``elements`` come nearest first."""
    client: tuple[str, int] | None = None
    note = ""
    for element in elements:
        if not element:
            note = "an empty element was passed over"
            continue
        node = _node(element)
        if node is None:
            hidden = _HIDDEN.match(element)
            return client, "a proxy does not say whom it serves" if hidden else "an element names no address"
        client = node
        if node[0] not in proxies:
            break
    return client, note


def _listed(values: list[str]) -> Iterator[str]:
    for value in reversed(values):
        yield from (part.strip() for part in reversed(value.split(",")))


def _single(values: list[str]) -> Iterator[str]:
    """Of several lines the last is the nearest proxy's."""
    yield values[-1].strip()


def _forwarded(values: list[str]) -> Iterator[str]:
    """The ``for`` of each element, nearest first.

    Elements are found from the right: the shortest end of the line, behind a comma, that can be read as one. So
    a quote that a client leaves open spoils its own elements, not what the proxy wrote behind them.
    """
    for value in reversed(values):
        end = len(value)
        while end >= 0:
            start = _element_before(value, end)
            if start < 0:
                yield value[:end].strip()[-80:]  # cannot be read: the walk ends here
                break
            match = _FOR.search(value[start:end])
            yield re.sub(r"\\(.)", r"\1", match[1].strip('"')) if match else value[start:end].strip()
            end = start - 1


def _element_before(value: str, end: int) -> int:
    """Where the element that ends at ``end`` begins, or -1."""
    start = end
    for _ in range(_CHAIN_LIMIT):
        start = value.rfind(",", 0, start) + 1
        text = value[start:end]
        if not text.strip() or _ELEMENT.match(text):
            return start
        if start == 0:
            break
        start -= 1
    return -1


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
