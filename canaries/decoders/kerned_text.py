"""Text of a PDF that is shown in pieces with the distances between them: ``[(to)-20(ken)] TJ``, ``(to) Tj 12 0 Td (ken)
Tj`` (ISO 32000-1, section 9.4.3), and of PostScript: ``(to) show (ken) show``."""

from __future__ import annotations

import binascii
import re

from canaries.decoders import Decoder, Found, Layer

_PIECE = re.compile(rb"\(((?:[^()\\]|\\.){0,400}+)\)|<([0-9A-Fa-f\s]{2,800}+)>", re.DOTALL)
_BETWEEN = re.compile(
    rb"[\s0-9.\[\]-]{0,60}+(?:(?:Tj|TJ|Td|TD|Tm|T\*|Tc|Tw|BT|ET|show|rmoveto|'|\")[\s0-9.\[\]-]{0,60}+){0,6}+"
)
_LINE = re.compile(
    rb"T\*|['\"]|\s-?[0-9.]{0,9}[1-9][0-9.]{0,9}\s{1,4}T[dD]|[1-9][0-9.]{0,9}\s{1,4}rmoveto|Tm|ET"
)
"""What begins another line."""
_ESCAPED = re.compile(rb"\\([()\\])")
_WIDE = re.compile(rb"(?:\0[\x20-\x7e])+")
_SHOWN = (b"TJ", b"Tj", b" show")


class KernedTextDecoder(Decoder):
    """``[(to)-20(ken)] TJ``."""

    name = "kerned text"
    holds = (b"]TJ", b"] TJ", b")Tj", b") Tj", b">Tj", b"> Tj", b") show")
    cost = 4

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        if not found.spend(16 * len(data)):
            return
        lines, end, pieces = list[bytes](), -1, list[bytes]()
        for match in _PIECE.finditer(data):
            between = data[end : match.start()] if end >= 0 else b""
            if pieces and (not _BETWEEN.fullmatch(between) or _LINE.search(between)):
                lines.append(b"".join(pieces))
                pieces = []
            pieces.append(_shown(match))
            end = match.end()
        lines.append(b"".join(pieces))
        if any(mark in data for mark in _SHOWN):
            found.add(b"\n".join(dict.fromkeys(line for line in lines if line)))


def _shown(piece: re.Match[bytes]) -> bytes:
    if piece[1] is not None:
        return _ESCAPED.sub(rb"\1", piece[1])
    digits = b"".join(piece[2].split())
    plain = binascii.unhexlify(digits + b"0" * (len(digits) % 2))
    return plain[1::2] if _WIDE.fullmatch(plain) else plain
