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

import re
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import ClassVar

from canaries import plugins
from canaries.decoders._cuts import LONGEST, candidates
from canaries.decoders._runs import ALNUM, SHORTEST_RUN, WIDE, spaces_but

__all__ = [
    "LONGEST",
    "USUAL",
    "Decoder",
    "DecodingBudget",
    "DecodingLimits",
    "Found",
    "Layer",
    "candidates",
    "spaces_but",
    "unwrap",
]

FOLDER = __name__

_TEXT = bytes(range(0x20, 0x7F)) + b"\t\r\n"
_PLAIN = ALNUM + b" _.,:;/@-"
"""Characters that begin no encoding: a value of nothing else needs no further look."""
_BASE64_CHARACTERS = ALNUM + b"+/=_-"
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/_]*+={0,2}")
_SHORTEST_LINE = 16
_MOST_LINES = 100_000
_MARK = 64
_EACH = 2000
"""Work of asking a decoder at all."""


@dataclass(frozen=True, slots=True)
class DecodingLimits:
    """How much one piece of input may cost."""

    produced: int = 4 << 20
    """Bytes that all decoders together may give for it, beside `produced_each`."""
    produced_each: int = 4
    """The same, more for each byte of the input."""
    depth: int = 12
    """Layers on top of each other."""
    work: int = 64 << 20
    """Weighted bytes looked at, beside `work_each`; some two nanoseconds each."""
    work_each: int = 256
    """The same, more for each byte of the input."""


USUAL = DecodingLimits()


class DecodingBudget:
    """What is left of the limits while one input is looked at. Not to be used again for another."""

    def __init__(self, limits: DecodingLimits, size: int) -> None:
        """For an input of ``size`` bytes."""
        self.depth = limits.depth
        self.produced = limits.produced + limits.produced_each * size
        self.work = limits.work + limits.work_each * size
        self._reached: dict[str, None] = {}

    @property
    def reached(self) -> tuple[str, ...]:
        """``bytes``, ``depth``, ``work``: the bounds that left something unseen, in the order they were met."""
        return tuple(self._reached)

    def note(self, bound: str) -> None:
        """Something was left unseen because of ``bound``."""
        self._reached[bound] = None

    def spend(self, work: int) -> bool:
        """Charge ``work``; False where too little is left, and then it is not to be done."""
        if work > self.work:
            self._reached["work"] = None
            return False
        self.work -= work
        return True


@dataclass(eq=False)
class Layer:
    """A text on the way in: the input itself, or what some decoders made of a part of it."""

    data: bytes
    way: tuple[str, ...] = ()
    """Names of the decoders that led here, outermost first."""
    mark: bytes = b""
    """How the outermost wrapping begins in the input; empty where it is all of it."""
    whole: bool = False
    """A value that stands in another layer as it is: looked at as a whole only, its words are that layer's."""
    doubtful: bool = False
    """Neither text nor anything known: what ordinary words give when they are taken for an encoding."""

    @cached_property
    def runs(self) -> list[bytes]:
        """Runs of characters that tokens and their text encodings are made of, `SHORTEST_RUN` and longer."""
        return [run for run in self.data.translate(WIDE).split() if len(run) >= SHORTEST_RUN]

    @cached_property
    def joined(self) -> bytes:
        """The different `runs`, a space between, and then those that were wrapped into lines put together again."""
        return b" ".join(dict.fromkeys([*self.runs, *self._unwrapped()]))

    @cached_property
    def binary(self) -> bool:
        """Whether it holds what no text does: control characters, or bytes that are not UTF-8."""
        odd = self.data.translate(None, _TEXT)
        if not odd:
            return False
        return min(odd) < 0x20 or 0x7F in odd or not self.unicode

    @cached_property
    def unicode(self) -> bool:
        """Whether it is UTF-8, as ASCII is."""
        try:
            self.data.decode()
        except UnicodeDecodeError:
            return False
        return True

    def _unwrapped(self) -> Iterator[bytes]:
        """Base64 or hexadecimal that stands in several lines, put together (RFC 2045, section 6.8; xxd -p)."""
        if b"\n" not in self.data:
            return
        block: list[bytes] = []
        for line in self.data.split(b"\n", _MOST_LINES):
            word = line.strip(b" \t\r>")
            if len(word) >= _SHORTEST_LINE and not word.translate(None, _BASE64_CHARACTERS):
                block.append(word)
                continue
            if block:
                block.append(_BASE64_LINE.match(word)[0])  # type: ignore[index]
                if len(block) > 1:
                    yield b"".join(block)
            last = word.rpartition(b" ")[2]
            run = re.split(rb"[^A-Za-z0-9+/_-]", last[-1000:])[-1]
            block = [run] if len(run) >= _SHORTEST_LINE else []
        if len(block) > 1:
            yield b"".join(block)


class Found:
    """What the decoders give while a layer is looked at."""

    def __init__(self, layer: Layer, budget: DecodingBudget) -> None:
        self._layer, self._budget = layer, budget
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

    def add(self, data: bytes, source: bytes = b"", *, doubtful: bool = False) -> None:
        """``data`` came out of ``source``, which stands in the layer: it is looked at and decoded further.

        What is ``doubtful`` (neither text nor anything known) waits until all else was looked at.
        """
        if not data or data == self._layer.data:
            return
        if len(data) > self._budget.produced:
            self._budget.note("bytes")
            data = data[: self._budget.produced]
            if not data:
                return
        self._budget.produced -= len(data)
        self.layers.append(self._inner(data, source, doubtful=doubtful))

    def part(self, data: bytes) -> None:
        """``data`` is a value that stands in the layer as it is: a field, a quoted string."""
        if len(data) < 8 or len(data) == len(self._layer.data):
            return
        if data.translate(None, _PLAIN):
            self.add(data, data)
        elif b" " in data or b"," in data or b";" in data:  # else it is one of the layer's own words
            self.layers.append(self._inner(data, data, whole=True))

    def _inner(self, data: bytes, source: bytes, *, whole: bool = False, doubtful: bool = False) -> Layer:
        layer = self._layer
        mark = layer.mark if layer.way else source[:_MARK]
        return Layer(data, (*layer.way, self.name), mark, whole, doubtful)


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
    cost: ClassVar[int] = 4
    """Work for each byte of a layer it is asked about."""

    @abstractmethod
    def decode(self, layer: Layer, found: Found) -> None:
        """Give ``found`` whatever ``layer`` holds in this encoding. Never raises; linear in time, but for what it asks
        `Found.spend` for; gives no more than `Found.room`."""


@lru_cache(maxsize=1)
def _decoders() -> tuple[tuple[bytes, tuple[Decoder, ...]], ...]:
    """The decoders by the byte strings that they look for; those behind the empty one are always asked."""
    found = [kind() for _, kind in sorted(plugins.classes(FOLDER, Decoder).items())]  # type: ignore[type-abstract]
    marks: dict[bytes, list[Decoder]] = {b"": []}
    for decoder in found:
        for mark in decoder.holds:
            marks.setdefault(mark, []).append(decoder)
        if not (decoder.holds or decoder.begins or decoder.binary):
            marks[b""].append(decoder)
    return tuple((mark, tuple(decoders)) for mark, decoders in marks.items())


@lru_cache(maxsize=1)
def _others() -> tuple[tuple[tuple[bytes, Decoder], ...], tuple[Decoder, ...]]:
    """Those asked by how a layer begins, and those asked about all that is no text."""
    found = [kind() for _, kind in sorted(plugins.classes(FOLDER, Decoder).items())]  # type: ignore[type-abstract]
    begins = tuple((mark, decoder) for decoder in found for mark in decoder.begins)
    return begins, tuple(decoder for decoder in found if decoder.binary)


def _asked(layer: Layer) -> Iterable[Decoder]:
    data = layer.data
    asked: dict[str, Decoder] = {}
    for mark, decoders in _decoders():
        if mark in data:
            for decoder in decoders:
                asked[decoder.name] = decoder
    begins, binary = _others()
    for mark, decoder in begins:
        if data.startswith(mark):
            asked[decoder.name] = decoder
    if binary and layer.binary:
        asked.update((decoder.name, decoder) for decoder in binary)
    return asked.values()


def unwrap(data: bytes, budget: DecodingBudget) -> Iterator[Layer]:
    """``data`` and everything that is wrapped in it, nearest first. Never raises."""
    seen = {data}
    waiting, later = deque([Layer(data)]), deque[Layer]()
    while waiting or later:
        layer = waiting.popleft() if waiting else later.popleft()
        yield layer
        if layer.whole:
            continue
        if len(layer.way) >= budget.depth:
            budget.note("depth")
            continue
        found = Found(layer, budget)  # without work left: what was unpacked already is looked at all the same
        for decoder in _asked(layer):
            if budget.spend(_EACH + decoder.cost * len(layer.data)):
                found.name = decoder.name
                decoder.decode(layer, found)
        for inner in found.layers:
            if inner.data not in seen:
                seen.add(inner.data)
                (later if inner.doubtful else waiting).append(inner)
