"""JA4, the fingerprint of a TLS client, from the raw ClientHello.

Only JA4 itself (FoxIO, "JA4: TLS Client Fingerprinting", BSD-3-Clause); its siblings JA4S, JA4H ... are under another
licence and not here. The parser follows RFC 8446, section 4.1.2, and is tolerant: a hello that ends too soon gives what
was there, and what is no hello at all gives None. It raises on no bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from listener.protocol.tls_hello import CLIENT_HELLO, GREASE, extensions, handshake, protocols, uint

_SNI, _SIGNATURES, _ALPN, _VERSIONS = 0, 13, 16, 43
_VERSION_NAMES = {
    0x0304: "13",
    0x0303: "12",
    0x0302: "11",
    0x0301: "10",
    0x0300: "s3",
    0x0002: "s2",
    0xFEFF: "d1",
    0xFEFD: "d2",
    0xFEFC: "d3",
}
_EMPTY = "000000000000"


@dataclass(frozen=True, slots=True)
class Hello:
    """What a ClientHello says, GREASE included, in the order of the wire."""

    version: int
    """``legacy_version``."""
    ciphers: tuple[int, ...]
    extensions: tuple[int, ...]
    """Extension types."""
    sni: str
    """Server name in lower case, or empty; escaped where it is not ASCII."""
    alpn: tuple[bytes, ...]
    versions: tuple[int, ...]
    """``supported_versions``."""
    signatures: tuple[int, ...]
    """``signature_algorithms``."""


def parse(records: bytes) -> Hello | None:
    """The ClientHello in these TLS records (one or several, RFC 8446 section 5.1), or None where there is none."""
    message = handshake(records)
    if len(message) < 38 or message[0] != CLIENT_HELLO:
        return None
    body = memoryview(message)[4:]
    at = 34  # legacy_version and random
    at += 1 + uint(body, at, 1)
    cipher_bytes = uint(body, at, 2)
    ciphers = _pairs(body[at + 2 : at + 2 + cipher_bytes])
    at += 2 + cipher_bytes
    at += 1 + uint(body, at, 1)
    types: list[int] = []
    content: dict[int, memoryview] = {}
    for kind, data in extensions(body[at + 2 :]):
        types.append(kind)
        content.setdefault(kind, data)
    nothing = body[:0]
    return Hello(
        version=uint(body, 0, 2),
        ciphers=ciphers,
        extensions=tuple(types),
        sni=_server_name(content.get(_SNI, nothing)),
        alpn=tuple(protocols(content.get(_ALPN, nothing))),
        versions=_pairs(content.get(_VERSIONS, nothing)[1:]),
        signatures=_pairs(content.get(_SIGNATURES, nothing)[2:]),
    )


def raw(hello: Hello) -> str:
    """JA4_r: the fingerprint's parts before hashing."""
    start, ciphers, rest = _parts(hello)
    return f"{start}_{ciphers}_{rest}"


def ja4(hello: Hello) -> str:
    """The fingerprint, 36 characters: ``t13d1516h2_8daaf6152771_d8a2da3f94cd``."""
    start, ciphers, rest = _parts(hello)
    return f"{start}_{_short(ciphers)}_{_short(rest)}"


def _parts(hello: Hello) -> tuple[str, str, str]:
    ciphers = [cipher for cipher in hello.ciphers if cipher not in GREASE]
    extensions = [kind for kind in hello.extensions if kind not in GREASE]
    versions = [version for version in hello.versions if version not in GREASE] or [hello.version]
    start = (
        f"t{_VERSION_NAMES.get(max(versions), '00')}{'d' if _SNI in extensions else 'i'}"
        f"{min(len(ciphers), 99):02d}{min(len(extensions), 99):02d}{_alpn_ends(hello.alpn)}"
    )
    # SNI and ALPN are left out of the hashed list: they follow the server asked, not the client.
    rest = _hex(sorted(kind for kind in extensions if kind not in (_SNI, _ALPN)))
    if hello.signatures:
        rest += "_" + _hex([scheme for scheme in hello.signatures if scheme not in GREASE])
    return start, _hex(sorted(ciphers)), rest


def _alpn_ends(protocols: tuple[bytes, ...]) -> str:
    """First and last character of the first protocol; of its hexadecimal form where they are not alphanumeric."""
    if not protocols or not protocols[0]:
        return "00"
    ends = protocols[0][:1] + protocols[0][-1:]
    if ends.isalnum():  # of bytes: ASCII letters and digits only
        return ends.decode()
    digits = protocols[0].hex()
    return digits[0] + digits[-1]


def _hex(numbers: list[int]) -> str:
    return ",".join([f"{number:04x}" for number in numbers])


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12] if text else _EMPTY


def _pairs(data: memoryview) -> tuple[int, ...]:
    return tuple([data[at] << 8 | data[at + 1] for at in range(0, len(data) - 1, 2)])


def _server_name(data: memoryview) -> str:
    """RFC 6066, section 3: list length, type 0 (host_name), length, name."""
    if len(data) < 6 or data[2] != 0:
        return ""
    return bytes(data[5 : 5 + uint(data, 3, 2)]).decode("ascii", "backslashreplace").lower()
