"""Strings that a program puts together: ``"AK" + "IA"``, ``'a' || 'b'``, ``"a" "b"``, ``concat('a','b')``,
``AK''IA``."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import mended
from canaries.decoders._novelty import SHORT

_BETWEEN = rb"""
    [\s\\]{0,60}+ (?: (?: \+ | \.{1,2} | \|\| | & | ~ | <> | /\*[^*]{0,40}\*/ ) [\s\\_]{0,60}+ )?
    [bBfFrRuUnN]?
"""
_LITERAL = rb"(?: \"(?:[^\"\\]|\\.){0,2000}+\" | '(?:[^'\\]|\\.){0,2000}+' )"
_CHAIN = re.compile(rb"%s (?: %s %s )+" % (_LITERAL, _BETWEEN, _LITERAL), re.VERBOSE | re.DOTALL)
_OPERAND = re.compile(rb"(%s)|." % _LITERAL, re.VERBOSE | re.DOTALL)
"""A string, or a character of what stands between two."""
_NESTED = re.compile(rb"[\\'][\"]|[\\\"]'")
_QUOTED = re.compile(rb"[\"']")
_JOINT = re.compile(rb"[\"'`]%s[\"'`]" % _BETWEEN, re.VERBOSE)
_LISTED = re.compile(
    rb"(?:concat(?:_ws)?!?\s?\(\s{0,9}((?:[\"'][^\"'()]{0,500}[\"'][\s,]{0,9}+){2,}+)\)"
    rb"|\[\s{0,9}((?:[\"'][^\"'\[\]]{0,500}[\"'][\s,]{0,9}+){2,}+)\]\s{0,9}\.\s{0,9}join)",
    re.IGNORECASE,
)
_COMMA = re.compile(rb"[\"']\s{0,9},\s{0,9}[\"']")


class JoinedStringsDecoder(Decoder):
    """``"AK" + "IA"``."""

    name = "joined strings"
    guesses = True
    text = True
    holds = (b'"', b"'")
    reach = 2 << 10
    signs = (
        *((first, rb"[\"']\s{0,60}(?:\+|\|\||\.)\s{0,60}[\"']") for first in (b'" +', b"' +", b'"+', b"'+")),
        *((first, rb"[\"']\s{0,60}(?:\|\||\.)\s{0,60}[\"']") for first in (b"' ||", b"'||", b"' .", b'" .')),
        *((first, rb"(?:concat|CONCAT)(?:_ws|_WS)?\s?\(") for first in (b"concat", b"CONCAT")),
    )
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        found.add(mended(data, _JOINT))
        # what stands within strings may itself look as if it joined some
        if len(data) <= SHORT and _NESTED.search(data) and found.spend(20 * len(data)):
            for chain in _CHAIN.finditer(data):
                parts = [operand[1][1:-1] for operand in _OPERAND.finditer(chain[0]) if operand[1]]
                if _QUOTED.search(whole := b"".join(parts)):
                    found.add(whole, chain[0])
        if b"(" in data or b"]" in data:
            for match in _LISTED.finditer(data):
                found.add(_COMMA.sub(b"", match[1] or match[2]), match[0])
