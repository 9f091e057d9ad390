"""Base32 (RFC 4648, sections 6 and 7) without its hex form: what carries data in names of DNS, which have one case."""

from __future__ import annotations

import base64
import binascii

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._printable import is_text, magic_at
from canaries.decoders._runs import long_runs, marking

_SHORTEST, _SURE = 24, 32
_DIGITS = marking(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz234567")
_PADDED = {0: 0, 2: 6, 4: 4, 5: 3, 7: 1}
"""Characters of the last group of eight: padding."""


class Base32Decoder(Decoder):
    """``IFBEG...``."""

    name = "base32"
    text = True
    sieved = True
    cost = 6

    def decode(self, layer: Layer, found: Found) -> None:
        for run in dict.fromkeys(long_runs(layer.joined, _DIGITS, _SHORTEST)):
            if not (run.isupper() or run.islower()):
                continue
            while len(run) % 8 not in _PADDED:
                run = run[:-1]
            try:
                data = base64.b32decode(run.upper() + b"=" * _PADDED[len(run) % 8])
            except binascii.Error:
                continue
            known = is_text(data) or magic_at(data) >= 0
            if known or len(run) >= _SURE:
                found.add(data, run, doubtful=not known)
