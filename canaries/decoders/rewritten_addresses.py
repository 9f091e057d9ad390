"""Addresses of mail within other addresses: where what bounces comes back to (VERP, SRS, BATV), where a forward goes on
(``user%host@relay``), what Exchange encapsulates (``IMCEA``)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from canaries.decoders import Decoder, Found, Layer

_HOST = rb"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}"
_LOCAL = rb"[A-Za-z0-9._~!#$&'*/^+-]{1,64}"
_ENDS = re.compile(rb"[=%%](%s)(?:=(%s))?@" % (_HOST, _LOCAL))
"""The host of the address that is rewritten, before another host; in SRS its user follows."""
_USER = re.compile(rb"(?:%s)\Z" % _LOCAL)
_LONGEST = 64
_WITHIN = re.compile(rb"[+-]")
_PARTS = 4
"""What may stand before a user's name, and a hyphen or a plus between."""
_SIGNED = re.compile(rb"prvs=[0-9A-Fa-f]{1,20}=(%s@%s)" % (_LOCAL, _HOST))
_ENCAPSULATED = re.compile(rb"IMCEA[A-Z]{0,9}-([A-Za-z0-9._=+-]{1,400})@")
_CODED = re.compile(rb"\+([0-9A-Fa-f]{2})")


class RewrittenAddressesDecoder(Decoder):
    """``bounces+user=host@list``."""

    name = "rewritten address"
    text = True
    holds = (b"@",)
    cost = 2

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        if b"=" not in data and b"%" not in data and b"IMCEA" not in data:
            return
        if addresses := dict.fromkeys(_addresses(data)):
            found.add(b"\n".join(addresses), separate=True)


def _addresses(data: bytes) -> Iterator[bytes]:
    for match in _ENDS.finditer(data):
        if match[2]:
            yield match[2] + b"@" + match[1]
            continue
        user = _USER.search(data[max(0, match.start() - _LONGEST) : match.start()])
        if user:
            parts = _WITHIN.split(user[0])
            for at in range(max(0, len(parts) - _PARTS), len(parts)):
                yield user[0][sum(map(len, parts[:at])) + at :] + b"@" + match[1]
    if b"prvs=" in data:
        yield from _SIGNED.findall(data)
    if b"IMCEA" in data:
        for match in _ENCAPSULATED.finditer(data):
            yield _CODED.sub(lambda code: bytes([int(code[1], 16)]), match[1])
