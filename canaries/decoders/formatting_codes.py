"""Control characters that colour and set the words of a chat (https://modern.ircdocs.horse/formatting), and what games
write for the same, a section sign and a letter."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import mended

_CODE = re.compile(
    rb"\x03(?:[0-9]{1,2}(?:,[0-9]{1,2})?)?|\x04(?:[0-9A-Fa-f]{6})?|[\x02\x0e\x0f\x11\x16\x1d\x1e\x1f]"
    rb"|\xc2\xa7[0-9a-fk-or]"
)
_TEXT = bytes({*range(0x20, 0x7F), 9, 10, 13})
_MOSTLY = 4
"""One byte in so many may be no text: a protocol has such bytes for other things."""


class FormattingCodesDecoder(Decoder):
    r"""``to\x02ken\x0f``."""

    name = "formatting codes"
    holds = (b"\x03", b"\x02", b"\x0f", b"\x1d", b"\x1f", b"\x16", b"\xc2\xa7")
    cost = 4

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        if layer.unicode and b"\0" not in data and _MOSTLY * len(data.translate(None, _TEXT)) <= len(data):
            found.add(mended(data, _CODE))
