"""The contract of a decoder: one file in this folder undoes one encoding that a token may be wrapped in.

`unwrap` applies all of them to a piece of text, and again to whatever comes out, until nothing new appears or a bound
is reached:

    budget = DecodingBudget(USUAL, len(data))
    for layer in unwrap(data, budget):
        for candidate in candidates(layer): ...        # strings that may be tokens
    budget.reached                                     # names of the bounds that stopped it, () where all was looked at

The bounds are bytes that decoders produce, layers on top of each other, and *work*: a count of bytes looked at,
weighted by what looking costs, never a clock. The same input gives the same layers on every machine.

For `scan` and whatever reads large files: give `unwrap` one piece at a time, each with a budget of its own. A piece
should overlap the one before by more than a token; what is compressed as a whole (an archive, a dump) is better
unpacked as a stream first, so that its size does not count against the bounds. `Layer.way` says which decoders led to
it, outermost first; the piece itself is the first layer, with an empty way. `Layer.mark` is how the outermost wrapping
begins in the piece, where that is known: ``piece.find(layer.mark)`` says where.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import lru_cache
from typing import ClassVar

from canaries.core import plugins
from canaries.decoders._budget import USUAL, DecodingBudget, DecodingLimits
from canaries.decoders._cuts import LONGEST, candidates, candidates_of_plain
from canaries.decoders._layer import Layer
from canaries.decoders._marks import Marks
from canaries.decoders._novelty import SHORT, Novelty
from canaries.decoders._printable import is_text
from canaries.decoders._promise import COST, promising
from canaries.decoders._queue import LayerQueue
from canaries.decoders._runs import ALNUM, spaces_but
from canaries.decoders._sieve import is_plain

__all__ = [
    "LONGEST",
    "USUAL",
    "Decoder",
    "DecodingBudget",
    "DecodingLimits",
    "Found",
    "Layer",
    "candidates",
    "candidates_of_plain",
    "holds_nothing",
    "spaces_but",
    "unwrap",
]

FOLDER = __name__

_PLAIN = ALNUM + b" _.,:;/@-"
"""Characters that begin no encoding: a value of nothing else needs no further look."""
_MARK = 64
_EACH = 2000
"""Work of asking a decoder at all."""
_EACH_LAYER, _CUTTING = 10_000, 60
"""Work of cutting a layer into candidates: at all, and for each byte."""


class Found:
    """What the decoders give while a layer is looked at."""

    def __init__(self, layer: Layer, budget: DecodingBudget, *, parts: bool = True) -> None:
        """``parts``: values that stand in the layer as they are are wanted as well."""
        self._layer, self._budget, self._parts = layer, budget, parts
        self.name = ""
        self.layers: list[Layer] = []

    @property
    def room(self) -> int:
        """Bytes that may still be produced: what unpacks must not give more."""
        return self._budget.produced

    def spend(self, work: int) -> bool:
        """As `DecodingBudget.spend`; for decoders whose work is more than their `cost` says."""
        return self._budget.spend(work)

    def note(self, bound: str) -> None:
        """As `DecodingBudget.note`."""
        self._budget.note(bound)

    def add(self, data: bytes, source: bytes = b"", **what: bool) -> None:
        """``data`` came out of ``source``, which stands in the layer: it is looked at and decoded further.

        ``what`` says more of it: ``doubtful`` and ``separate`` of `Layer`.
        """
        if not data or data == self._layer.data:
            return
        if data == source and self._needless(data):
            return
        if len(data) > self._budget.produced:
            self._budget.note("bytes")
            data = data[: self._budget.produced]
            if not data:
                return
        self._budget.produced -= len(data)
        self.layers.append(self._inner(data, source, **what))

    def part(self, data: bytes) -> None:
        """``data`` is a value that stands in the layer as it is: a field, a quoted string."""
        if len(data) < 8 or len(data) == len(self._layer.data):
            return
        if self._needless(data):
            return
        if data.translate(None, _PLAIN):
            self.add(data, data)
        elif b" " in data or b"," in data or b";" in data:  # else it is one of the layer's own words
            self.layers.append(self._inner(data, data, whole=True))

    def _needless(self, data: bytes) -> bool:
        """Whether every decoder finds in ``data`` what it finds in the layer, where it stands as it is."""
        if self._parts or self._layer.binary or not is_text(data):
            return False
        if len(data) <= SHORT < len(self._layer.data) and b"\n" in data:
            return False
        return not any(decoder.starts(data) for decoder in _marks().by_itself)

    def _inner(self, data: bytes, source: bytes, **what: bool) -> Layer:
        layer = self._layer
        mark = layer.mark if layer.way else source[:_MARK]
        return Layer(data, (*layer.way, self.name), mark, **what)


class Decoder(ABC):
    """One encoding. Has no state; one instance serves all layers.

    The three marks say cheaply which layers it is asked about; one that fits is enough, and a decoder without any is
    asked about each.
    """

    name: ClassVar[str]
    """What a layer's way shows."""
    holds: ClassVar[tuple[bytes, ...]] = ()
    """Byte strings, one of which stands somewhere in what it decodes."""
    begins: ClassVar[tuple[bytes, ...]] = ()
    """Byte strings with one of which it begins."""
    binary: ClassVar[bool] = False
    """Whether it is asked about every layer that is no text."""
    text: ClassVar[bool] = False
    """Whether what it decodes is text itself: of a layer that is none, it is given the readable parts alone."""
    sieved: ClassVar[bool] = False
    """Whether it gives nothing where `canaries.decoders._sieve.is_plain` holds: then it is not asked."""
    signs: ClassVar[tuple[tuple[bytes, bytes], ...]] = ()
    """What says, in a file that is too large to be decoded throughout, that this decoder is to be asked there: pairs of
    a byte string that is quickly looked for, and the expression that has to match where it begins."""
    reach: ClassVar[int] = 16 << 10
    """Bytes from such a sign on in which what it speaks for stands."""
    guesses: ClassVar[bool] = False
    """Whether ordinary text often gives something in it: what marks speak for is followed first."""
    cost: ClassVar[int] = 4
    """Work for each byte of a layer it is asked about."""

    def starts(self, part: bytes) -> bool:
        """Whether ``part``, text within a longer one, is something else to it by itself: by where it begins."""
        return False

    @classmethod
    def looks_at_starts(cls) -> bool:
        """Whether it says of any part of a text that it is something else by itself."""
        return cls.starts is not Decoder.starts

    def counted(self, text: bytes) -> bool:
        """Whether ``text`` is of no use to it with a line taken away: as it counts bytes."""
        return False

    @abstractmethod
    def decode(self, layer: Layer, found: Found) -> None:
        """Give ``found`` whatever ``layer`` holds in this encoding. Never raises; linear in time, but for what it asks
        `Found.spend` for; gives no more than `Found.room`."""


@lru_cache(maxsize=1)
def _marks() -> Marks[Decoder]:
    return Marks.of([kind() for _, kind in sorted(plugins.classes(FOLDER, Decoder).items())])  # type: ignore[type-abstract]


def holds_nothing(data: bytes) -> bool:
    """Whether it is plain text of which `unwrap` would give that alone. Costs a fraction of asking."""
    if not is_plain(data):
        return False
    return not _marks().asked_of_plain(data) or not _decode(
        Layer(data), DecodingBudget(USUAL, len(data)), parts=True
    )


def _decode(layer: Layer, budget: DecodingBudget, *, parts: bool) -> list[Layer]:
    """What the decoders make of one layer, within what is left of the budget."""
    found = Found(layer, budget, parts=parts)
    text = layer if layer.unicode else Layer(layer.text, layer.way, layer.mark, separate=layer.separate)
    for decoder in _marks().asked(layer, text.data):
        view = text if decoder.text else layer
        if view.data and budget.spend(_EACH + decoder.cost * len(view.data)):
            found.name = decoder.name
            decoder.decode(view, found)
    return found.layers


def unwrap(data: bytes, budget: DecodingBudget, *, anywhere: bool = False) -> Iterator[Layer]:
    """``data`` and everything that is wrapped in it: what takes fewest guesses first, then the nearest. Never raises.

    ``anywhere``: strings are looked for wherever they stand, so no values and no lines of an earlier layer come again.
    """
    seen = {data}
    novelty = Novelty(data) if anywhere else None
    waiting = LayerQueue(Layer(data), _marks().guessing)
    while waiting:
        layer = waiting.take()
        if layer.doubtful and not (budget.spend(COST) and promising(layer.data)):
            continue
        budget.spend(min(budget.work, _EACH_LAYER + _CUTTING * len(layer.text)))
        yield layer
        if layer.whole:
            continue
        if len(layer.way) >= budget.depth:
            budget.note("depth")
            continue
        for inner in _decode(layer, budget, parts=not anywhere):
            if inner.data in seen:
                continue
            seen.add(inner.data)
            if novelty is not None and not any(one.counted(inner.data) for one in _marks().by_itself):
                inner.data = novelty.new(inner.data)
                if inner.whole or not inner.data:
                    continue
            waiting.add(inner)
