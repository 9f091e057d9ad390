"""OpenPGP's packets of compressed data (RFC 9580, section 5.6), as ``gpg --sign`` and ``gpg --store`` write
them: nothing in them is encrypted."""

from __future__ import annotations

import bz2
import re
import zlib
from typing import Any

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._unpacking import Inflater, unpacked

_INDETERMINATE, _NEW = b"\xa3", b"\xc8"
"""Tag 8 without a length, in the old form; in the new one, with a length before the algorithm (section 4.2)."""
_PROGRAMS: dict[int, Any] = {1: lambda: Inflater(-15), 2: lambda: Inflater(15), 3: bz2.BZ2Decompressor}
"""Section 9.4."""
_TWO, _FIVE = 192, 255
_LITERAL = re.compile(
    rb"(?:(?:\x90|\xc4)\r\x03.{12})?(?:\xcb(?:\xff.{4}|[\xc0-\xdf].|[\0-\xbf\xe0-\xfe])|\xac.|\xad..|\xae.{4}|\xaf)"
    rb"[btul1m](.)",
    re.DOTALL,
)
"""A packet of literal data up to the length of its name (section 5.9), by itself or behind a one-pass signature."""
_DATE = 4


class OpenPgpDecoder(Decoder):
    """``owEB...`` once its base64 is undone."""

    name = "openpgp"
    begins = (_INDETERMINATE, _NEW)

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        at = 1
        if data[:1] == _NEW and len(data) > 1:
            at += 1 if data[1] < _TWO or _FIVE > data[1] >= _TWO + 32 else 5 if data[1] == _FIVE else 2
        if at < len(data) and (program := _PROGRAMS.get(data[at])):
            plain, _, _ = unpacked(program, data, at + 1, found, (zlib.error, OSError), 1)
            found.add(plain, data[:64])
            if match := _LITERAL.match(plain):  # what has no mark of its own is known by where it begins
                found.add(plain[match.end() + match[1][0] + _DATE :], data[:64])
