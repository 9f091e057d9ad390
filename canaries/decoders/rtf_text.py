"""Words of Rich Text Format with its control words in them: ``to\\b ken``, ``{to{\\i ken}}``, ``\\_`` for a hyphen."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import mended

_CONTROL = re.compile(
    rb"\\'([0-9A-Fa-f]{2})|\\(?:par|pard|cell|row|tab|line|sect|page)\b(?:-?[0-9]{1,10})?[ ]?|\\([_~])"
    rb"|\\u(-?[0-9]{1,5})[ ]?(?:\\'[0-9A-Fa-f]{2}|[^\\{}])?|\\[a-z]{1,32}(?:-?[0-9]{1,10})?[ ]?"
    rb"|\\([{}\\])|\\[-*:|\r\n]|[{}\r\n]"
)


def _plain(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return bytes([int(match[1], 16)])
    if match[2]:
        return b"-" if match[2] == b"_" else b" "
    if match[3]:
        return chr(int(match[3]) & 0xFFFF).encode("utf-8", "replace")
    if match[4]:
        return match[4]
    return b"\n" if match[0].startswith((b"\\par", b"\\cell", b"\\row", b"\\tab", b"\\line")) else b""


class RtfTextDecoder(Decoder):
    r"""``to\b ken``."""

    name = "rtf"
    text = True
    holds = (b"{\\rtf",)
    reach = 8 << 10
    signs = ((b"{\\rtf", rb"\{\\rtf1"),)
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        found.add(mended(layer.data, _CONTROL, _plain))
