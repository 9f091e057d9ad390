"""Bytes that were written as the characters of the same numbers: binary strings of JavaScript in JSON or in a form."""

from __future__ import annotations

from canaries.decoders import Decoder, Found, Layer


class Latin1Decoder(Decoder):
    """U+008B for the byte 8B."""

    name = "latin-1"
    holds = (b"\xc2", b"\xc3")
    """How UTF-8 begins the characters from U+0080 to U+00FF."""
    cost = 8

    def decode(self, layer: Layer, found: Found) -> None:
        try:
            found.add(layer.data.decode().encode("latin-1"))
        except UnicodeError:
            return
