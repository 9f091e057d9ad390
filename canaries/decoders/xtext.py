"""Values of SMTP's parameters (RFC 3461, section 4): ``ORCPT=rfc822;user+2Btag@host``, ``AUTH=``, ``ENVID=``."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

_VALUE = re.compile(rb"(?:ORCPT=[A-Za-z0-9-]{1,40};|AUTH=|ENVID=)([!-~]{1,2000})", re.IGNORECASE)
_CODED = re.compile(rb"\+([0-9A-F]{2})")


class XtextDecoder(Decoder):
    """``ENVID=a+2Bb``."""

    name = "xtext"
    text = True
    holds = (b"ORCPT=", b"AUTH=", b"ENVID=", b"orcpt=", b"auth=", b"envid=")
    cost = 6

    def decode(self, layer: Layer, found: Found) -> None:
        for value in _VALUE.finditer(layer.data):
            if b"+" in value[1]:
                found.add(_CODED.sub(lambda code: bytes([int(code[1], 16)]), value[1]), value[0][:64])
