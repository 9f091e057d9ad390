"""Strings that a program puts together: ``"AK" + "IA"``, ``'a' || 'b'``, ``"a" "b"``, ``concat('a','b')``,
``AK''IA``."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import mended
from canaries.decoders._novelty import SHORT

_BETWEEN = rb"""
    [\s\\]{0,60}+ (?: /\*[^*]{0,40}\*/ [\s\\]{0,60}+ )?
    (?: (?: \+{1,2} | \.{1,2} | \|\| | && | & | ~ | <> | << | // | \^ | \* ) [\s\\_]{0,60}+
        (?: /\*[^*]{0,40}\*/ \s{0,60}+ | //[^\n]{0,80}\n \s{0,60}+ )? )?
    [bBfFrRuUnNxX]?
"""
_LITERAL = rb"(?: \"(?:[^\"\\]|\\.){0,2000}+\" | '(?:[^'\\]|\\.){0,2000}+' )"
_CHAIN = re.compile(rb"%s (?: %s %s )+" % (_LITERAL, _BETWEEN, _LITERAL), re.VERBOSE | re.DOTALL)
_OPERAND = re.compile(rb"(%s)|." % _LITERAL, re.VERBOSE | re.DOTALL)
"""A string, or a character of what stands between two."""
_NESTED = re.compile(rb"[\\'][\"]|[\\\"]'")
_QUOTED = re.compile(rb"[\"']")
_CONVERTED = rb"""
    [ ]? (?: ::\w{1,20} | (?:[ ][Aa][Ss][ ][\w()]{1,30})? \) ) \s{0,60}+ (?:\|\||[+&]) \s{0,60}+
    (?:[\w.]{1,40}\()? [nNxX]?
"""
"""Between two strings that are converted first: ``TO_CLOB('a') || TO_CLOB('b')``, ``'a'::text || 'b'``."""
_JOINT = re.compile(rb"[\"'`]%s[\"'`]" % _BETWEEN, re.VERBOSE)
_ANY_JOINT = re.compile(rb"[\"'`](?:%s|%s)[\"'`]" % (_BETWEEN, _CONVERTED), re.VERBOSE)
_CONVERSIONS = (b")||", b") ||", b")\n||", b")+", b") +", b"::")
_STRINGS = (
    rb"(?:[nN]?[\"'][^\"'()\[\]]{0,500}[\"']\s{0,60}+[,;]\s{0,60}+)++(?:[nN]?[\"'][^\"'()\[\]]{0,500}[\"'])?"
)
_LISTED = re.compile(
    rb"(?:concat(?:_ws|enate)?!?|CONCAT(?:_WS|ENATE)?|[jJ]oin|JOIN|paste0)[\"']?[\s:(\[@,\"']{1,40}?(?:TRUE,)?\s?(%s)"
    % _STRINGS
)
_LIST = re.compile(rb"[\[(]\s{0,60}(%s)[,\s]{0,60}[\])]\s{0,9}\.\s{0,9}join" % _STRINGS)
_BEHIND = (b".join", b". join")
_LISTING = (b"oncat", b"ONCAT", b"oin", b"OIN", b"paste0")
_COMMA = re.compile(rb"[\"']\s{0,60},?;?\s{0,60}[nN]?[\"']")


class JoinedStringsDecoder(Decoder):
    """``"AK" + "IA"``."""

    name = "joined strings"
    guesses = True
    text = True
    holds = (b'"', b"'", b"` +", b"`+")
    reach = 2 << 10
    signs = (
        *((first, rb"[\"']\s{0,60}(?:\+|\|\||\.)\s{0,60}[\"']") for first in (b'" +', b"' +", b'"+', b"'+")),
        *((first, rb"[\"']\s{0,60}(?:\|\||\.)\s{0,60}[\"']") for first in (b"' ||", b"'||", b"' .", b'" .')),
        *((first, rb"(?:concat|CONCAT)(?:_ws|_WS)?\s?\(") for first in (b"concat", b"CONCAT")),
    )
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        found.add(mended(data, _ANY_JOINT if any(mark in data for mark in _CONVERSIONS) else _JOINT))
        # what stands within strings may itself look as if it joined some
        if len(data) <= SHORT and _NESTED.search(data) and found.spend(20 * len(data)):
            for chain in _CHAIN.finditer(data):
                parts = [operand[1][1:-1] for operand in _OPERAND.finditer(chain[0]) if operand[1]]
                if _QUOTED.search(whole := b"".join(parts)):
                    found.add(whole, chain[0])
        if b"(" not in data and b"]" not in data:
            return
        for pattern, marks in ((_LISTED, _LISTING), (_LIST, _BEHIND)):
            if any(mark in data for mark in marks):
                for match in pattern.finditer(data):
                    found.add(_COMMA.sub(b"", match[1]), match[0])
