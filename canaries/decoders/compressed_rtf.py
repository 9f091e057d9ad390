"""RTF as Outlook keeps it ([MS-OXRTFCP]): in messages that were saved, and in the ``winmail.dat`` of mail."""

from __future__ import annotations

import struct

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._copied import repeat
from canaries.decoders._decoys import places

_PACKED, _PLAIN = b"LZFu", b"MELA"
_HEAD = struct.Struct("<II4sI")
"""Bytes packed behind the first number, bytes of the text, which of the two, a check (section 2.1.3.1.1)."""
_BEHIND = 12
"""Bytes of the head that the first number counts."""
_BEFORE = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""What the dictionary begins with (section 2.1.2.1)."""
_SIZE = 4096
_EACH = 200
"""Work of one step: it is done in Python."""


class CompressedRtfDecoder(Decoder):
    """``LZFu``."""

    name = "compressed rtf"
    holds = (_PACKED, _PLAIN)
    signs = ((b"LZFu", rb"LZFu"), (b"TFpGd", rb"TFpGd[Q-Za-f]"))

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        for mark in (_PACKED, _PLAIN):
            for place in places(data, mark, found):
                at = place - 8
                if at >= 0:
                    size, whole, kind, _ = _HEAD.unpack_from(
                        data[at : at + _HEAD.size].ljust(_HEAD.size, b"\0")
                    )
                    body = data[at + _HEAD.size : at + 4 + size]
                    if kind == _PACKED and found.spend(len(body)):
                        found.add(_unpacked(body, min(whole, found.room), found), data[at : at + 64])
                    elif size == whole + _BEHIND:  # else it is a word
                        found.add(body[:whole], data[at : at + 64])


def _unpacked(body: bytes, most: int, found: Found) -> bytes:
    """Eight steps to a byte of flags: a character, or a place in the last 4,096 bytes and a length."""
    given = bytearray(_BEFORE)
    at = 0
    while at < len(body) and len(given) < most + len(_BEFORE) and found.spend(_EACH):
        flags, at = body[at], at + 1
        for bit in range(8):
            if not flags >> bit & 1:
                given += body[at : at + 1]
                at += 1
                continue
            pair, at = int.from_bytes(body[at : at + 2], "big"), at + 2
            back = (len(given) - (pair >> 4)) % _SIZE
            if not back:  # it points to where writing goes on: the end
                return bytes(given[len(_BEFORE) :])
            try:
                repeat(given, back, (pair & 15) + 2)
            except ValueError:
                return bytes(given[len(_BEFORE) :])
    return bytes(given[len(_BEFORE) :])
