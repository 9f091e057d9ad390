"""Characters in more bytes than UTF-8 allows (RFC 3629, section 3): ``C1 A1`` for ``a``, with which old filters were
passed, and ``C0 80`` for the zero byte, as Java writes it (JVM specification, 4.4.7)."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import legible

_TWO = re.compile(rb"([\xc0\xc1])([\x80-\xbf])")
_THREE = re.compile(rb"\xe0([\x80\x81])([\x80-\xbf])")


def _plain(match: re.Match[bytes]) -> bytes:
    return bytes([(match[1][0] & 1) << 6 | match[2][0] & 0x3F])


class OverlongDecoder(Decoder):
    r"""``\xc1\xa1``."""

    name = "overlong UTF-8"
    reach = 2 << 10
    signs = ((b"\xc1", rb"(?:\xc1[\x80-\xbf]|\xc0[\x80-\xbf]){6}"),)
    holds = (b"\xc0", b"\xc1", b"\xe0\x80", b"\xe0\x81")
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        plain, two = _TWO.subn(_plain, layer.data)
        plain, three = _THREE.subn(_plain, plain)
        if two or three:
            found.add(legible(plain))
