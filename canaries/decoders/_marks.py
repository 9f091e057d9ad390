"""Which decoders are asked about a layer: those one of whose marks it has.

A decoder of text is given the readable parts of what is no text, so its marks are looked for in those: of a megabyte of
noise they are a hundred bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, Protocol, TypeVar

from canaries.decoders._layer import Layer
from canaries.decoders._rare_bytes import by_rare_byte
from canaries.decoders._sieve import PLAIN, is_plain

_LARGE = 4096
"""Bytes from which on marks are looked for byte by byte first."""


class Marked(Protocol):
    """What is known of a decoder (`canaries.decoders.Decoder`) before it is asked."""

    name: ClassVar[str]
    holds: ClassVar[tuple[bytes, ...]]
    begins: ClassVar[tuple[bytes, ...]]
    binary: ClassVar[bool]
    text: ClassVar[bool]
    sieved: ClassVar[bool]
    guesses: ClassVar[bool]

    @classmethod
    def looks_at_starts(cls) -> bool:
        """Whether it says of any part of a text that it is something else by itself."""


_Decoder = TypeVar("_Decoder", bound=Marked)
_Holds = tuple[tuple[int, tuple[tuple[bytes, tuple[_Decoder, ...]], ...]], ...]
"""What stands in a layer, and who is then asked: by a byte of it that stands in few texts."""


@dataclass(frozen=True, slots=True)
class Marks(Generic[_Decoder]):
    """The decoders, by what says that they are to be asked."""

    always: tuple[_Decoder, ...]
    holds: _Holds[_Decoder]
    as_it_is: _Holds[_Decoder]
    """Of those, what decoders have that are given a layer as it is."""
    in_text: _Holds[_Decoder]
    """Of those, what decoders of text have."""
    codes: frozenset[int]
    """Every byte of those."""
    begins: dict[int, tuple[tuple[bytes, _Decoder], ...]]
    """By the first byte."""
    binary: tuple[_Decoder, ...]
    by_itself: tuple[_Decoder, ...]
    """Those to which a part of a text may be something else by itself."""
    guessing: frozenset[str]
    in_plain: tuple[tuple[bytes, bool, _Decoder], ...]
    """(mark, whether it has to stand at the start, decoder) of those that are asked about plain text."""
    plain_marks: re.Pattern[bytes]
    """Those marks."""

    @classmethod
    def of(cls, found: Sequence[_Decoder]) -> Marks[_Decoder]:
        """Those of ``found``, who are asked in that order."""
        begins: dict[int, tuple[tuple[bytes, _Decoder], ...]] = {}
        for decoder in found:
            for mark in decoder.begins:
                begins[mark[0]] = (*begins.get(mark[0], ()), (mark, decoder))
        in_plain = tuple(_in_plain(found))
        marks = [(rb"\A" if first else b"") + re.escape(mark) for mark, first, _ in in_plain]
        return cls(
            always=tuple(one for one in found if not (one.holds or one.begins or one.binary)),
            holds=_holds(found),
            as_it_is=_holds(one for one in found if not one.text),
            in_text=_holds(one for one in found if one.text),
            codes=frozenset(code for one in found for mark in one.holds for code in mark),
            begins=begins,
            binary=tuple(one for one in found if one.binary),
            by_itself=tuple(one for one in found if one.looks_at_starts()),
            guessing=frozenset(one.name for one in found if one.guesses),
            in_plain=in_plain,
            plain_marks=re.compile(b"|".join(marks) or rb"(?!)"),
        )

    def asked(self, layer: Layer, text: bytes) -> list[_Decoder]:
        """Whom to ask about ``layer``; ``text``: what decoders of text are given of it."""
        data = layer.data
        if is_plain(data):
            return self.asked_of_plain(data)
        asked = dict.fromkeys(self.always)
        if text is data:
            self._holding(data, self.holds, asked)
        else:
            self._holding(data, self.as_it_is, asked)
            self._holding(text, self.in_text, asked)
        for mark, decoder in self.begins.get(data[0], ()) if data else ():
            if data.startswith(mark):
                asked[decoder] = None
        if layer.binary:
            asked.update(dict.fromkeys(self.binary))
        return list(asked)

    def asked_of_plain(self, data: bytes) -> list[_Decoder]:
        """Whom to ask about plain text; mostly nobody, which one pass says."""
        if not self.plain_marks.search(data):
            return []
        return [
            one for mark, first, one in self.in_plain if (data.startswith(mark) if first else mark in data)
        ]

    def _holding(self, data: bytes, holds: _Holds[_Decoder], asked: dict[_Decoder, None]) -> None:
        # one byte is looked for twenty times faster than two in a row
        present = {code for code in self.codes if code in data} if len(data) > _LARGE else None
        for code, group in holds:
            if code in data if present is None else code in present:
                for mark, decoders in group:
                    if (present is None or present.issuperset(mark)) and mark in data:
                        for decoder in decoders:
                            asked[decoder] = None


def _holds(decoders: Iterable[_Decoder]) -> _Holds[_Decoder]:
    by_mark: dict[bytes, tuple[_Decoder, ...]] = {}
    for decoder in decoders:
        for mark in decoder.holds:
            by_mark[mark] = (*by_mark.get(mark, ()), decoder)
    return by_rare_byte(by_mark)


def _in_plain(found: Iterable[_Decoder]) -> Iterator[tuple[bytes, bool, _Decoder]]:
    for decoder in found:
        if decoder.sieved:
            continue
        if not (decoder.holds or decoder.begins or decoder.binary):
            yield b"", True, decoder
        for mark in (*decoder.holds, *decoder.begins):
            if not mark.translate(None, PLAIN):
                yield mark, mark in decoder.begins, decoder
