"""Links as the gateways of mail rewrite them, where percent-decoding alone does not bring them back.

Proofpoint's URL Defense, versions 2 and 3 (its "URL Decoder API" and the vendor's published decoder script). Safe
Links, Proofpoint's version 1, Barracuda, Cisco and the like carry the link percent-encoded; Mimecast's only its domain.
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from canaries.decoders import Decoder, Found, Layer

_SECOND = re.compile(rb"/v2/url\?(?:[a-z]=[^&\s\"<>]{0,500}&)?u=([A-Za-z0-9_.~-]{1,4000})")
_THIRD = re.compile(rb"__;([A-Za-z0-9_-]{0,1000}={0,2})!")
_LONGEST, _MOST = 4000, 1000
_STAR = re.compile(rb"\*(\*([A-Za-z0-9_-]))?")
_LENGTHS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class RewrittenLinksDecoder(Decoder):
    """``/v2/url?u=http-3A__host``."""

    name = "rewritten link"
    text = True
    holds = (b"/v2/url?", b"/v3/__")
    reach = 2 << 10
    signs = ((b"/v2/url?", rb"/v2/url\?"), (b"/v3/__", rb"/v3/__"))
    cost = 10

    def decode(self, layer: Layer, found: Found) -> None:
        for match in _SECOND.finditer(layer.data):
            coded = match[1].translate(bytes.maketrans(b"-_", b"%/"))
            found.add(unquote_to_bytes(coded), match[0])
        data, start = layer.data, layer.data.find(b"/v3/__")
        for _ in range(_MOST):
            if start < 0:
                return
            if link := _THIRD.search(data, start, start + _LONGEST):
                found.add(_third(data[start + 6 : link.start()], link[1]), data[start:])
            start = data.find(b"/v3/__", start + 6)
        found.note("fields")


def _third(link: bytes, coded: bytes) -> bytes:
    """A star stands for one character that was taken out, two and a letter for several."""
    try:
        taken = base64.urlsafe_b64decode(coded + b"=" * (-len(coded) % 4)).decode("utf-8", "replace")
    except binascii.Error:
        return link
    at = 0

    def back(match: re.Match[bytes]) -> bytes:
        nonlocal at
        count = _LENGTHS.index(match[2]) + 2 if match[2] else 1
        start, at = at, at + count
        return taken[start:at].encode()

    return _STAR.sub(back, link)
