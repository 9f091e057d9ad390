"""A text file as planting sees it: decoded, with plain line feeds, and how to get its exact bytes back.

Everything that is planted is a splice: text put between two characters that were there. What is not spliced in is
never written anew, so encoding, byte order mark, line ends and every old byte stay.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

from canaries.core.errors import PlantError

OWN_FILE = "plant it as a file of its own: name a folder as the target"

_BOMS = (  # UTF-32 first: its little-endian mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Splice:
    """Text to put into a document."""

    at: int
    """Before this character of `Document.text`."""
    text: str
    """With plain line feeds."""


@dataclass(frozen=True, slots=True)
class ByteSplice:
    """The same in the file's bytes."""

    at: int
    """Before this byte of the file as it was."""
    added: bytes


@dataclass(frozen=True)
class Document:
    """A text file. Make one with `document`."""

    path: PurePath
    raw: bytes
    """The whole file."""
    encoding: str
    """Of what is put in: ``ascii`` where the file is eight-bit of some other sort."""
    mark: int
    """Bytes of the byte order mark."""
    crlf: bool
    """Whether most lines end in CR LF: what is put in does too."""
    full: str
    """As decoded, line ends as they are."""

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.name

    @cached_property
    def text(self) -> str:
        """With every CR LF as one line feed."""
        return self.full.replace("\r\n", "\n")

    @cached_property
    def _pairs(self) -> list[int]:
        """Where in `text` a line feed stands for two characters."""
        places, start, seen = [], self.full.find("\r\n"), 0
        while start >= 0:
            places.append(start - seen)
            seen += 1
            start = self.full.find("\r\n", start + 2)
        return places

    def bytes_of(self, splices: Sequence[Splice]) -> tuple[ByteSplice, ...]:
        """``splices`` in the file's own bytes, in order. Raises PlantError where its encoding has no such letters."""
        from bisect import bisect_left

        wide = "latin-1" if self.encoding == "ascii" else self.encoding
        made = []
        for splice in sorted(splices, key=lambda one: one.at):
            place = splice.at + bisect_left(self._pairs, splice.at)
            text = splice.text.replace("\n", "\r\n") if self.crlf else splice.text
            try:
                added = text.encode(self.encoding)
            except UnicodeEncodeError as error:
                raise PlantError(
                    f"{self.name} is not UTF-8 and cannot hold this bait's letters", hint=OWN_FILE
                ) from error
            made.append(ByteSplice(self.mark + len(self.full[:place].encode(wide)), added))
        return tuple(made)

    def with_splices(self, splices: Sequence[Splice]) -> Document:
        """The document as it will be."""
        return document(self.path, spliced(self.raw, self.bytes_of(splices)))


def spliced(raw: bytes, splices: Sequence[ByteSplice]) -> bytes:
    """``raw`` with everything put in; several at one place in their order."""
    parts, start = [], 0
    for splice in splices:
        parts += [raw[start : splice.at], splice.added]
        start = splice.at
    return b"".join((*parts, raw[start:]))


def document(path: PurePath, raw: bytes) -> Document:
    """Decode ``raw``. Raises PlantError where it is not text."""
    encoding, mark, full = _decode(path.name, raw)
    pairs = full.count("\r\n")
    return Document(path, raw, encoding, mark, pairs > full.count("\n") - pairs, full)


def _decode(name: str, raw: bytes) -> tuple[str, int, str]:
    """Encoding, length of the mark, text. A file without mark is UTF-8, or eight-bit with a certain ASCII half."""
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            try:
                return encoding, len(bom), raw[len(bom) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise PlantError(
                    f"{name} is damaged: it is not the {encoding} it says", hint=OWN_FILE
                ) from error
    if b"\0" in raw or raw.startswith((b"%PDF-", b"\x1f\x8b", b"PK\x03\x04")):
        raise PlantError(f"{name} is not a text file", hint=OWN_FILE)
    try:
        return "utf-8", 0, raw.decode("utf-8")
    except UnicodeDecodeError:
        return "ascii", 0, raw.decode("latin-1")
