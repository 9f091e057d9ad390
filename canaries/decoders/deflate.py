"""Bare deflate (RFC 1951), which some clients send as ``Content-Encoding: deflate``. It has no mark: all that is
no text is tried."""

from __future__ import annotations

import zlib

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._printable import worth
from canaries.decoders._unpacking import Inflater, unpacked


class DeflateDecoder(Decoder):
    """As ``zlib`` without its header."""

    name = "deflate"
    signs = ((b"SAML", rb"SAML(?:Request|Response)"),)
    binary = True

    def decode(self, layer: Layer, found: Found) -> None:
        plain, _, complete = unpacked(lambda: Inflater(-15), layer.data, 0, found, (zlib.error,), 1)
        if complete or worth(plain):
            found.add(plain, layer.data)
