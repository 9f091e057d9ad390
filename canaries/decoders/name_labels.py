"""Data in the labels of a name of DNS, as programs carry it out of a network: the labels are pieces of one text.

They are as long as each other, but for the last, and a number or a name of the session may stand before them.
"""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._runs import ALNUM, marking

_LONG = 28
_IN_LABELS = marking(ALNUM + b"_-")
_NAME = re.compile(rb"(?:[A-Za-z0-9_-]{1,63}+\.){2,}+")
_BEFORE = 3
"""Labels that may stand before the data."""
_MOST = 10_000


class NameLabelsDecoder(Decoder):
    """``mfrggzdf...zdf.mztwq2lk...nn.example.com``."""

    name = "labels"
    text = True
    sieved = True
    holds = (b".",)
    cost = 6

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        if b"a" * _LONG not in data.translate(_IN_LABELS):
            return
        for number, name in enumerate(_NAME.finditer(data)):
            if number >= _MOST:
                found.note("fields")
                return
            labels = name[0].split(b".")
            first = next((at for at, label in enumerate(labels[: _BEFORE + 1]) if len(label) >= _LONG), -1)
            if first < 0:
                continue
            end = first + 1
            while end < len(labels) and len(labels[end]) == len(labels[first]):
                end += 1
            if end - first > 1:
                found.add(b"".join(labels[first:end]), labels[first])
            if end < len(labels) and labels[end]:
                found.add(b"".join(labels[first : end + 1]), labels[first])
