"""Carets before what cmd.exe would take for its own signs, as browsers write a request for its command line: ``^%^2F``,
``^&``, ``^"``."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import mended

_CARET = re.compile(rb"%\^(?=[0-9A-Fa-f]{2})|\^(?:\r?\n\r?\n?|([!-/:-@\[-`{-~]))")


def _sign(match: re.Match[bytes]) -> bytes:
    return b"%" if match[0] == b"%^" else match[1] or b""


class CaretsDecoder(Decoder):
    """``^%^2F``."""

    name = "carets"
    text = True
    holds = (b"^%", b'^"', b"^&", b"^@", b"^!", b"^=", b"^+", b"^$", b"^#", b"^\n", b"^\r")
    reach = 2 << 10
    signs = ((b"^%", rb"\^%\^[0-9A-Fa-f]{2}"),)
    cost = 8

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        # ^% is undone first, so that what it leaves is %^ and two digits
        found.add(mended(data.replace(b"^%", b"%") if b"^%" in data else data, _CARET, _sign))
