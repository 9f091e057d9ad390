"""Brotli (RFC 7932), ``Content-Encoding: br``. It has no mark: all that is no text is tried."""

from __future__ import annotations

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._printable import worth

_FIRST, _NEXT = 256, 16_384
_ATTEMPT = 4000


class BrotliDecoder(Decoder):
    """``br``."""

    name = "br"
    binary = True

    def decode(self, layer: Layer, found: Found) -> None:
        import brotli  # type: ignore[import-untyped]

        if not found.spend(_ATTEMPT):
            return
        program = brotli.Decompressor()
        data, at, step = layer.data, 0, _FIRST
        pieces: list[bytes] = []
        room, whole = found.room, False
        try:
            while room > 0 and not (whole := program.is_finished()):
                piece = b""
                if program.can_accept_more_data():
                    if at >= len(data):
                        break
                    piece = data[at : at + step]
                    at, step = at + len(piece), _NEXT
                given = program.process(piece, output_buffer_limit=min(room, 1 << 20))
                pieces.append(given)
                room -= len(given)
        except brotli.error:
            pass
        if room <= 0:
            found.note("bytes")
        plain = b"".join(pieces)
        if whole or worth(plain):
            found.add(plain, data)
