"""Control characters that a program made visible: ``#011`` of rsyslog, ``^I`` and ``^[`` of ``cat -v`` and less,
``\\^I`` of vis. A token behind such a mark seems to begin with its letter or figures."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import mended

_MARK = re.compile(rb"#(0[0-3][0-7]|177)|\\?\^([@-_?])")


def _character(match: re.Match[bytes]) -> bytes:
    return bytes([int(match[1], 8)]) if match[1] else bytes([match[2][0] ^ 0x40])


class ControlMarksDecoder(Decoder):
    """``key#011token``."""

    name = "control marks"
    text = True
    holds = (b"#00", b"#01", b"#03", b"^[", b"^@", b"^I", b"^J", b"^M", b"^A")
    reach = 2 << 10
    signs = ((b"#01", rb"#01[0-7]"), (b"^I", rb"\^I"), (b"^[", rb"\^\[\["))
    cost = 8

    def decode(self, layer: Layer, found: Found) -> None:
        found.add(mended(layer.data, _MARK, _character))
