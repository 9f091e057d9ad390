"""Quoted-printable (RFC 2045, section 6.7) and encoded words of headers (RFC 2047)."""

from __future__ import annotations

import binascii
import re

from canaries.decoders import Decoder, Found, Layer

_CODED = re.compile(rb"=(?:[0-9A-Fa-f]{2}|[ \t]*\r?\n)")
_SOFT = re.compile(rb"=[ \t]{1,76}+\r?\n")
"""A line's end that stands for nothing, with blanks that were added on the way: they are to be taken away."""
_WORD = re.compile(rb"=\?[!-<>@-~]{1,40}\?([bBqQ])\?([!->@-~]{0,4000})\?=(?:[ \t\r\n]{1,4}(?==\?))?")
_LITERAL = re.compile(rb"={3,}|==(?=[ \t]*\r?\n)|=(?==)")
"""Signs that stand for themselves: rulers and boundaries, what fills up Base64, the first of two."""
_WORDS = re.compile(rb"(?:%s)++" % _WORD.pattern)


class QuotedPrintableDecoder(Decoder):
    """``=41``, ``=?utf-8?q?=41?=``."""

    name = "quoted-printable"
    text = True
    holds = (b"=",)
    signs = ((b"=?", rb"=\?[A-Za-z0-9-]{2,20}\?[BbQq]\?"),)
    cost = 8

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        if b"=?" in data and b"?=" in data:
            found.add(_WORD.sub(_word, data))
            for words in _WORDS.finditer(data):
                found.add(_WORD.sub(_word, words[0]), words[0])
        if _CODED.search(data):
            data = _SOFT.sub(b"=\n", data) if _SOFT.search(data) else data
            found.add(binascii.a2b_qp(_LITERAL.sub(_kept, data) if b"==" in data else data))


def _kept(match: re.Match[bytes]) -> bytes:
    return b"=3D" * len(match[0])


def _word(match: re.Match[bytes]) -> bytes:
    if match[1] in b"qQ":
        return binascii.a2b_qp(match[2].replace(b"_", b" "), header=False)
    try:
        return binascii.a2b_base64(match[2] + b"==")
    except binascii.Error:
        return match[0]
