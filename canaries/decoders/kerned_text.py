"""Text of a PDF that is shown in pieces with the distances between them: ``[(to)-20(ken)] TJ`` (ISO 32000-1, section
9.4.3)."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

_PIECE = rb"\(((?:[^()\\]|\\.){0,200}+)\)\s{0,9}+(?:-?[0-9.]{1,12}+\s{0,9}+)?"
_SHOWN = re.compile(
    rb"\[\s{0,9}+((?:%s){2,}+)\]\s{0,9}+TJ" % _PIECE.replace(b"((?:", b"(?:(?:", 1), re.DOTALL
)
_PIECES = re.compile(_PIECE, re.DOTALL)
_ESCAPED = re.compile(rb"\\([()\\])")


class KernedTextDecoder(Decoder):
    """``[(to)-20(ken)] TJ``."""

    name = "kerned text"
    holds = (b"]TJ", b"] TJ")
    cost = 8

    def decode(self, layer: Layer, found: Found) -> None:
        for shown in _SHOWN.finditer(layer.data):
            if found.spend(10 * len(shown[0])):
                found.add(_ESCAPED.sub(rb"\1", b"".join(_PIECES.findall(shown[1]))), shown[0][:64])
