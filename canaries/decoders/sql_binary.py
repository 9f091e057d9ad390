"""Binary values as MySQL writes them into dumps: ``_binary '...'``, with backslashes before what a string cannot have.

They need not be UTF-8: what was compressed in a column is compressed in the dump.
"""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

_VALUE = re.compile(rb"_binary '((?:[^'\\]|\\.|'')*+)'", re.DOTALL)
_ESCAPE = re.compile(rb"\\(.)|''", re.DOTALL)
_MEANT = {b"0": b"\0", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"Z": b"\x1a"}


class SqlBinaryDecoder(Decoder):
    """``INSERT INTO t VALUES (1,_binary '...')``, mysqldump's usual form without ``--hex-blob``."""

    name = "sql binary"
    holds = (b"_binary '",)
    reach = 2 << 10
    signs = ((b"_binary '", rb"_binary '"),)

    def decode(self, layer: Layer, found: Found) -> None:
        for value in _VALUE.finditer(layer.data):
            if not found.room:
                return
            found.add(_ESCAPE.sub(_plain, value[1]), value[0][:64])


def _plain(escape: re.Match[bytes]) -> bytes:
    letter: bytes | None = escape[1]
    return b"'" if letter is None else _MEANT.get(letter, letter)
