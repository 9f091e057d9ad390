"""What a terminal showed, with its colours (ECMA-48, section 5.4), as ``grep --color=always``
writes it, and letters that are struck over others."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import mended

_CONTROLS = re.compile(rb"\x1b\[[0-?]{0,40}[ -/]{0,4}[@-~]|\x1b[()][0AB]|\x1b[=>]")
_STRUCK = re.compile(rb"[ -~]\x08")


class TerminalDecoder(Decoder):
    """``ESC [ 31 m``."""

    name = "terminal"
    holds = (b"\x1b", b"\x08")
    reach = 2 << 10
    signs = ((b"\x1b[", rb"\x1b\[[0-?]{0,40}m"),)
    cost = 8

    def decode(self, layer: Layer, found: Found) -> None:
        if b"\x1b" in layer.data:
            found.add(mended(layer.data, _CONTROLS))
        if b"\x08" in layer.data and layer.unicode:
            found.add(mended(layer.data, _STRUCK))
