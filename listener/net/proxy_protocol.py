"""PROXY protocol v1 and v2, read from the first bytes of a connection (haproxy's proxy-protocol.txt, 2020/03/05).

Pure: bytes in, `Header` out. The acceptor decides who may send it: the specification (section 2) forbids guessing,
so the header is demanded from configured proxies and nobody else's bytes are ever read as one.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from listener.evidence.shapes import Via
from listener.net.addresses import normal

SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"
"""First 12 bytes of version 2 (section 2.2)."""

V1_LIMIT = 107
"""Longest version 1 line, CRLF included (section 2.1)."""

V2_LIMIT = 4096
"""Longest version 2 header that is read. The length field allows 65,535; no known proxy sends a tenth of this."""

_V1 = b"PROXY "
_FAMILIES = {0x1: (4, 12), 0x2: (16, 36)}
"""Address family in the high nibble of byte 13: bytes per address, and length of the address block (section 2.2)."""


class ProxyError(ValueError):
    """These bytes are no PROXY header, nor can more bytes make them one."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the proxy said, and how many bytes it took to say it."""

    size: int
    """Length of the header in bytes; the client's own bytes follow."""
    source: tuple[str, int] | None
    """The client as the proxy saw it, or None (``UNKNOWN``, ``LOCAL``, another address family)."""
    destination: tuple[str, int] | None
    """Where the client connected to."""


def parse(data: bytes) -> Header | None:
    """The header at the beginning of ``data``, None where more bytes are needed. Raises ProxyError."""
    if data[: len(_V1)] == _V1[: len(data)]:
        return _version1(data)
    if data[: len(SIGNATURE)] == SIGNATURE[: len(data)]:
        return _version2(data)
    raise ProxyError("no PROXY protocol header")


def at_once(data: bytes) -> Header | None:
    """The header at the beginning of ``data``; None where there is none that is whole."""
    try:
        return parse(data)
    except ProxyError:
        return None


def via(header: Header, chain: list[str]) -> Via:
    """`Sighting.via` for a header that the last of ``chain`` handed on."""
    found = Via(how="proxy-protocol", chain=chain)
    if header.source is not None:
        found["client"] = [str(normal(header.source[0])), header.source[1]]
    if header.destination is not None:
        found["destination"] = [*header.destination]
    return found


def _version1(data: bytes) -> Header | None:
    end = data.find(b"\r\n", 0, V1_LIMIT)
    if end < 0:
        if len(data) >= V1_LIMIT:
            raise ProxyError("the PROXY line does not end")
        return None
    fields = data[:end].split(b" ")
    if fields[1] == b"UNKNOWN":  # the receiver must ignore what follows (section 2.1)
        return Header(end + 2, None, None)
    if len(fields) != 6 or fields[1] not in (b"TCP4", b"TCP6"):
        raise ProxyError("the PROXY line has another form")
    version = 4 if fields[1] == b"TCP4" else 6
    return Header(
        end + 2,
        (_address(fields[2], version), _port(fields[4])),
        (_address(fields[3], version), _port(fields[5])),
    )


def _address(text: bytes, version: int) -> str:
    try:
        address = ipaddress.ip_address(text.decode("ascii"))
    except ValueError as error:  # UnicodeDecodeError is one
        raise ProxyError("the PROXY line holds no address") from error
    if address.version != version or "%" in str(address):
        raise ProxyError("the PROXY line mixes address families")
    return str(address)


def _port(text: bytes) -> int:
    if not text.isdigit() or len(text) > 5 or int(text) > 65535:
        raise ProxyError("the PROXY line holds no port")
    return int(text)


def _version2(data: bytes) -> Header | None:
    if len(data) < 16:
        return None
    if data[12] >> 4 != 2 or data[12] & 0xF > 1:
        raise ProxyError("the PROXY header has another version or command")
    length = int.from_bytes(data[14:16], "big")
    size = 16 + length
    if size > V2_LIMIT:
        raise ProxyError("the PROXY header is too long")
    if len(data) < size:
        return None
    family, transport = data[13] >> 4, data[13] & 0xF
    # LOCAL: the proxy itself, a health check. Anything but TCP over IP has no usable address.
    if data[12] & 0xF == 0 or transport != 1 or family not in _FAMILIES:
        return Header(size, None, None)
    width, block = _FAMILIES[family]
    if length < block:
        raise ProxyError("the PROXY header is too short for its addresses")
    addresses = data[16 : 16 + block]
    ports = addresses[2 * width :]
    return Header(
        size,
        (str(ipaddress.ip_address(addresses[:width])), int.from_bytes(ports[:2], "big")),
        (str(ipaddress.ip_address(addresses[width : 2 * width])), int.from_bytes(ports[2:], "big")),
    )
