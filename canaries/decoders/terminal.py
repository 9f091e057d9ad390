"""What a terminal showed, with its colours (ECMA-48, section 5.4), as ``grep --color=always``
writes it, and letters that are struck over others."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import legible, mended

_CONTROLS = re.compile(
    rb"\x1b\][^\x07\x1b]{0,4000}(?:\x07|\x1b\\)|\x1b[PX^_k][^\x07\x1b]{0,500}(?:\x07|\x1b\\)"
    rb"|(?:\x1b\[|\xc2\x9b)[0-?]{0,40}[ -/]{0,4}[@-~]|\x1b[()][0AB]|\x1b[=>78DEHMZc]"
)
_STRUCK = re.compile(rb"[ -~][\x08\x7f]")
_MOST_STRUCK = 16
"""Letters in a row that are taken back."""
_COLOURS = re.compile(rb"(?:\\e|\xe2\x90\x9b|<?\bESC>?)?\[(?:[0-9]{1,3}(?:;[0-9]{1,3}){0,5})?[mK]")
"""Of which the escape character was lost or written out: in logs that were copied from a web page."""
_BROKEN = re.compile(rb" \r(?!\n)")
"""How a shell's line editor goes to the next line."""


class TerminalDecoder(Decoder):
    """``ESC [ 31 m``."""

    name = "terminal"
    holds = (b"\x1b", b"\x08", b"\x7f", b"\xc2\x9b", b" \r", b"[0m", b"[m", b"[K", b"[39m", b"[00m", b"[22m")
    reach = 2 << 10
    signs = ((b"\x1b[", rb"\x1b\[[0-?]{0,40}m"), (b"\x1b]8;", rb"\x1b\]8;"))
    cost = 8

    def decode(self, layer: Layer, found: Found) -> None:
        if b"\x1b" in layer.data or b"\xc2\x9b" in layer.data:
            found.add(legible(mended(layer.data, _CONTROLS)))
        elif b"[" in layer.data:
            found.add(mended(layer.text, _COLOURS))
        if b" \r" in layer.data and layer.unicode:
            found.add(mended(layer.data, _BROKEN))
        if layer.unicode and (b"\x08" in layer.data or b"\x7f" in layer.data):
            found.add(_without_struck(layer.data))


def _without_struck(data: bytes) -> bytes:
    """What is left of ``data`` where each backspace takes one letter back."""
    left = b""
    for _ in range(_MOST_STRUCK):
        fewer = mended(left or data, _STRUCK)
        if not fewer:
            break
        left = fewer
    return left
