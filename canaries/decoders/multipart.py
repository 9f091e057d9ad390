"""Parts of multipart messages (RFC 2046, section 5.1; RFC 7578): each is a message of its own."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

_BOUNDARY = re.compile(rb"(?:\A|\n)--([0-9A-Za-z'()+_,./:=? -]{1,70}?)[ \t]*\r?\n(?=[A-Za-z-]{2,40}:)")
"""A line of two hyphens and a boundary, before the head of a part."""
_MOST = 2000
_MOST_BOUNDARIES = 20


class MultipartDecoder(Decoder):
    """``multipart/form-data``, ``multipart/mixed`` ..."""

    name = "multipart"
    holds = (b"\n--",)
    begins = (b"--",)
    cost = 6

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        boundaries: dict[bytes, None] = {}
        for match in _BOUNDARY.finditer(data):
            boundaries[match[1]] = None
            if len(boundaries) > _MOST_BOUNDARIES:
                found.note("fields")
                break
        for boundary in boundaries:
            if not found.spend(4 * len(data)):
                return
            parts = data.split(b"--" + boundary, _MOST)
            for part in parts[1:]:
                content = part.lstrip(b" \t").removeprefix(b"\r").removeprefix(b"\n")
                found.add(content.removesuffix(b"\n").removesuffix(b"\r"), content)
