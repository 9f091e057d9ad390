"""UTF-16 and UTF-32 in either order, with and without a mark, also between other binary data."""

from __future__ import annotations

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._printable import is_wide, readable

_HIGHER = b"\0\x20\xff"
"""Of those, the higher byte."""


class WideTextDecoder(Decoder):
    """Text of Windows programs and of XML that says so."""

    name = "utf-16"
    holds = (b"\0", b"\xff")
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        if is_wide(data):
            found.add(readable(data.translate(None, b"\0")))  # ASCII in whatever width, order and place
        for width, codecs in ((4, ("utf-32-le", "utf-32-be")), (2, ("utf-16-le", "utf-16-be"))):
            body = data[: len(data) // width * width]
            for codec in codecs:
                if body and _fits(body, width, big=codec.endswith("be")):
                    text = body.decode(codec, "ignore").removeprefix("\ufeff")
                    found.add(text.encode("utf-8", "ignore"))


def _fits(body: bytes, width: int, *, big: bool) -> bool:
    """Whether three of four characters are below U+0100, or such as stand in disguised words: punctuation that is not
    seen, forms of full width."""
    low = width - 1 if big else 0
    high = [body[place::width] for place in range(width) if place != low]
    least = 3 * len(body) // width
    usual = (sum(map(part.count, _HIGHER)) for part in high)
    return all(4 * count >= least for count in usual) and any(body[low::width])
