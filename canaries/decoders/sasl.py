"""Messages of SASL mechanisms once their base64 is undone: PLAIN (RFC 4616), XOAUTH2 and OAUTHBEARER (RFC 7628),
SCRAM (RFC 5802), CRAM-MD5 (RFC 2195), EXTERNAL."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

_DIVIDED = re.compile(rb"[\x00\x01]+")
_SCRAM = re.compile(rb"(?:\A|,)[a-z]=([^,\x00]{8,1000})")
_LONGEST = 8192
_MOST = 64


class SaslDecoder(Decoder):
    r"""``\0user\0password``, ``user=...\x01auth=Bearer ...``, ``n,,n=user,r=...``."""

    name = "sasl"
    guesses = True
    holds = (b"\0", b"\1", b",n=", b",a=")
    cost = 4

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        if len(data) > _LONGEST:
            return
        for piece in _DIVIDED.split(data, _MOST):
            if piece != data:
                found.part(piece)
        if b"=2C" in data or b"=3D" in data:  # RFC 5802, section 5.1: the two characters a name must not show
            found.add(data.replace(b"=2C", b",").replace(b"=3D", b"="))
        for match in _SCRAM.finditer(data):
            found.part(match[1])
        name, space, digest = data.rpartition(b" ")
        if space and len(digest) == 32:
            found.part(name)
