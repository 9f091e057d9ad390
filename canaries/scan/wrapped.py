"""What a piece of a dump wraps in encodings: the decoders of the traps, asked where there is a reason to.

Asking them about every byte would cost twenty times the search. So a piece is looked at for signs first: a run that is
Base64 of text, of UTF-16 or of something compressed, hexadecimal in groups, a list of byte values, an encoded word of
mail, a chunked body. What surrounds a sign is decoded, a small piece as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from canaries.decoders import DecodingBudget, DecodingLimits, Layer, unwrap
from canaries.scan.presence import Presence
from canaries.scan.signs import looks_wrapped

SMALL = 8 << 10
"""Bytes of a piece that is decoded as a whole where there is a sign in it."""
TINY = 1 << 10
"""Bytes of a piece that is decoded whatever it looks like: a note, a header, a message."""
LIMITS = DecodingLimits(produced=64 << 20, work=512 << 20, work_each=512)
"""More than a trap may spend: a scan is the operator's own."""
_BEFORE = 256
"""Bytes before a sign in a larger piece."""


@dataclass(frozen=True, slots=True)
class WrappedText:
    """Bytes that came out of an encoding."""

    content: bytes
    form: str
    """Names of the decoders, outermost first: ``base64, gzip``."""
    place: int
    """In the piece: where the outermost wrapping begins, or a byte near to it."""


@dataclass(slots=True)
class Unwrapping:
    """All that is wrapped in one piece; `reached` afterwards."""

    content: bytes
    present: Presence
    reached: tuple[str, ...] = ()
    """What was left unseen: ``bytes`` and ``depth`` are bounds, ``encrypted`` is an archive."""

    def texts(self) -> Iterator[WrappedText]:
        """What came out, nearest first; nothing that stands in the piece as it is."""
        regions = list(_regions(self.content, self.present))
        budget = DecodingBudget(LIMITS, sum(end - start for start, end in regions))
        for start, end in regions:
            region = self.content[start:end]
            for layer in unwrap(region, budget, anywhere=True):
                if layer.way and not layer.whole and layer.data not in region:
                    yield WrappedText(layer.data, ", ".join(layer.way), start + _place(region, layer))
        # a bound on work ends the trying of unlikely combinations: it says nothing of what was unpacked
        self.reached = tuple(bound for bound in budget.reached if bound != "work")


def _place(region: bytes, layer: Layer) -> int:
    return max(0, region.find(layer.mark)) if layer.mark else 0


def _regions(content: bytes, present: Presence) -> Iterator[tuple[int, int]]:
    """Where in ``content`` decoders are to look; apart from each other, in order."""
    if len(content) <= TINY:
        yield 0, len(content)
        return
    small = len(content) <= SMALL
    reach = 0
    start = end = -1
    for place, length in sorted(looks_wrapped(content, present)):
        if small:
            yield 0, len(content)
            return
        reach = place + length
        if start < 0 or place - _BEFORE > end:
            if end >= 0:
                yield start, end
            start = max(0, place - _BEFORE)
        end = max(end, min(reach, len(content)))
    if end >= 0:
        yield start, end
