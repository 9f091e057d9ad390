"""Entities that a document declares for itself (XML, section 4.2.2): one level at a time, and bounded."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

_DECLARED = re.compile(
    rb"<!ENTITY\s{1,9}([A-Za-z_:][A-Za-z0-9._:-]{0,60})\s{1,9}[\"']([^\"'<>]{0,4000})[\"']"
)
_USED = re.compile(rb"&([A-Za-z_:][A-Za-z0-9._:-]{0,60});")
_MOST = 1000


class XmlEntitiesDecoder(Decoder):
    """``<!ENTITY k "..."> ... &k;``."""

    name = "xml entities"
    text = True
    holds = (b"<!ENTITY",)
    signs = ((b"<!ENTITY", rb"<!ENTITY\s"),)
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        values = {
            one[1]: one[2] for one, _ in zip(_DECLARED.finditer(layer.data), range(_MOST), strict=False)
        }
        room = found.room - len(layer.data)

        def value(used: re.Match[bytes]) -> bytes:
            nonlocal room
            given = values.get(used[1])
            if given is None:
                return used[0]
            room -= len(given)
            if room < 0:
                found.note("bytes")
                return b""
            return given

        if room > 0:
            found.add(_USED.sub(value, layer.data))
