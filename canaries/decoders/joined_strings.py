"""Strings that a program puts together: ``"AK" + "IA"``, ``'a' || 'b'``, ``"a" "b"``, ``concat('a','b')``,
``AK''IA``."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import mended

_BETWEEN = rb"""
    [\s\\]{0,60}+ (?: (?: \+ | \.{1,2} | \|\| | & | ~ | <> | /\*[^*]{0,40}\*/ ) [\s\\]{0,60}+ )?
    [bBfFrRuUnN]?
"""
_JOINT = re.compile(rb"[\"'`]%s[\"'`]" % _BETWEEN, re.VERBOSE)
_LISTED = re.compile(
    rb"(?:concat(?:_ws)?\s?\(\s{0,9}((?:[\"'][^\"'()]{0,500}[\"'][\s,]{0,9}+){2,}+)\)"
    rb"|\[\s{0,9}((?:[\"'][^\"'\[\]]{0,500}[\"'][\s,]{0,9}+){2,}+)\]\s{0,9}\.\s{0,9}join)",
    re.IGNORECASE,
)
_COMMA = re.compile(rb"[\"']\s{0,9},\s{0,9}[\"']")


class JoinedStringsDecoder(Decoder):
    """``"AK" + "IA"``."""

    name = "joined strings"
    text = True
    holds = (b'"', b"'")
    signs = (
        *((first, rb"[\"']\s{0,60}(?:\+|\|\||\.)\s{0,60}[\"']") for first in (b'" +', b"' +", b'"+', b"'+")),
        *((first, rb"[\"']\s{0,60}(?:\|\||\.)\s{0,60}[\"']") for first in (b"' ||", b"'||", b"' .", b'" .')),
        *((first, rb"(?:concat|CONCAT)(?:_ws|_WS)?\s?\(") for first in (b"concat", b"CONCAT")),
    )
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        found.add(mended(data, _JOINT))
        if b"(" in data or b"]" in data:
            for match in _LISTED.finditer(data):
                found.add(_COMMA.sub(b"", match[1] or match[2]), match[0])
