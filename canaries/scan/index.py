"""What `scan` looks for: every spelling of every canary, as an anchor and a keyed tag.

It is made from the sealed records, once a canary, and kept in the home; it can be handed to somebody else. Whoever has
it can test a string that they already have. They cannot list the bait: 32 bits of eight bytes of each spelling are all
that it gives away, of at least 96 bits that nobody can guess. Names and telephone numbers can be guessed, with it as
without it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import numpy.typing as npt

from canaries.core import files
from canaries.core.errors import ScanError
from canaries.core.text import visible
from canaries.crypto.token_tags import TAG_BYTES, tagger
from canaries.scan import anchors
from canaries.scan.spellings import LONGEST, VERSION, Spelling

if TYPE_CHECKING:
    from collections.abc import Set

_MAGIC = b"trapline scan index 1\n"
_DIGEST = 32
_ROW = np.dtype(
    [
        ("anchor", "<u4"),
        ("canary", "<u4"),
        ("what", "<u2"),
        ("offset", "<u2"),
        ("length", "<u2"),
        ("flags", "u1"),
        ("tag", f"V{TAG_BYTES}"),
    ]
)
_FOLDS, _WEAK = 1, 2
_SAMPLE, _COMMON = 400, 8
"""Of so many spellings the windows are counted; those found more often than that are nobody's anchor."""

Rows = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class SpellingMatch:
    """A spelling that stands in the bytes that were looked at."""

    place: int
    length: int
    canary: str
    facet: str
    form: str
    weak: bool


class _IndexHead(msgspec.Struct):
    """The readable line of an index file."""

    key: str
    """Of the tags, hexadecimal."""
    through: int
    """The last minting transaction that is in it."""
    rows: int
    canaries: list[str]
    names: list[tuple[str, str]]
    """(facet, form), by the number that rows give."""
    places: dict[str, list[str]] = {}
    """As `ScanIndex.places`, hexadecimal. Older files have none."""
    spellings: int = 1
    """`canaries.scan.spellings.VERSION` when it was made."""


@dataclass(slots=True)
class ScanIndex:
    """All spellings, sorted by anchor."""

    key: bytes
    """Of the tags; 32 bytes."""
    through: int = 0
    """The last minting transaction that is in it."""
    canaries: list[str] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)
    """(facet, form)."""
    places: dict[str, list[bytes]] = field(default_factory=dict)
    """Where a canary may stand, as `canaries.scan.places` has it; empty where nobody asked."""
    spellings: int = VERSION
    """Which of its releases made the spellings."""
    rows: Rows = field(default_factory=lambda: np.empty(0, _ROW))
    _table: anchors.AnchorTable | None = None

    def add(self, many: Iterable[tuple[str, Iterable[Spelling]]]) -> None:
        """Take in canaries, each with its spellings."""
        tag, numbers = tagger(self.key), {name: number for number, name in enumerate(self.names)}
        waiting = [(canary, list(spellings)) for canary, spellings in many]
        common = _common(one.text for _, spellings in waiting for one in spellings)
        fresh = []
        for canary, spellings in waiting:
            self.canaries.append(canary)
            for one in spellings:
                what = numbers.setdefault((one.facet, one.form), len(numbers))
                offset = anchors.choose(one.text, common)
                number = anchors.anchor(one.text[offset : offset + anchors.WINDOW])
                flags = one.folds * _FOLDS + one.weak * _WEAK
                owner = len(self.canaries) - 1
                fresh.append((number, owner, what, offset, len(one.text), flags, tag(one.text)))
        self.names = list(numbers)
        rows = np.concatenate([self.rows, np.array(fresh, _ROW)])
        self.rows = rows[rows["anchor"].argsort(kind="stable")]
        self._table = None

    def matches(self, content: bytes) -> Iterator[SpellingMatch]:
        """Every spelling in ``content``, in order of place."""
        if self._table is None:
            self._table = anchors.AnchorTable(np.ascontiguousarray(self.rows["anchor"]))
        tag, rows = tagger(self.key), self.rows
        for place, first, behind in self._table.places(content):
            for row in rows[first:behind].tolist():
                _, owner, what, offset, length, flags, expected = row
                start = place - offset
                text = content[start : start + length] if start >= 0 else b""
                if tag(text.lower() if flags & _FOLDS else text) == expected:
                    facet, form = self.names[what]
                    yield SpellingMatch(start, length, self.canaries[owner], facet, form, bool(flags & _WEAK))

    def dump(self) -> bytes:
        """The file: a line that says what it is, a line of JSON, the rows, SHA-256 of all that."""
        places = {canary: [tag.hex() for tag in tags] for canary, tags in self.places.items()}
        head = _IndexHead(
            self.key.hex(), self.through, len(self.rows), self.canaries, self.names, places, self.spellings
        )
        content = _MAGIC + msgspec.json.encode(head) + b"\n" + self.rows.tobytes()
        return content + hashlib.sha256(content).digest()

    @classmethod
    def load(cls, content: bytes) -> ScanIndex:
        """An index that `dump` gave. Raises ScanError where it is none or was changed."""
        body, digest = content[:-_DIGEST], content[-_DIGEST:]
        if not body.startswith(_MAGIC):
            raise ScanError("this is no scan index", hint="make one with: trapline scan --write-index FILE")
        if hashlib.sha256(body).digest() != digest:
            raise ScanError("this scan index is damaged", hint="make it again")
        line, _, rows = body[len(_MAGIC) :].partition(b"\n")
        try:
            head = msgspec.json.decode(line, type=_IndexHead)
            places = {canary: list(map(bytes.fromhex, tags)) for canary, tags in head.places.items()}
            held, key = np.frombuffer(rows, _ROW), bytes.fromhex(head.key)
            index = cls(key, head.through, head.canaries, head.names, places, head.spellings, held)
        except ValueError as error:
            raise ScanError("this scan index cannot be read", hint="make it again") from error
        index.check(head.rows)
        return index

    def check(self, rows: int) -> None:
        """Raise ScanError where a row points to nothing, or the key is none."""
        held = self.rows
        sound = len(held) == rows and 16 <= len(self.key) <= 64
        if sound and rows:
            sound = (
                int(held["canary"].max()) < len(self.canaries)
                and int(held["what"].max()) < len(self.names)
                and int(held["length"].max()) <= LONGEST
                and bool((held["offset"] + anchors.WINDOW <= held["length"]).all())
                and bool((np.diff(held["anchor"].astype(np.int64)) >= 0).all())
            )
        if not sound:
            raise ScanError("this scan index cannot be read", hint="make it again")


def read(path: Path) -> ScanIndex:
    """The index in a file. Raises ScanError."""
    try:
        if path.is_char_device():  # /dev/zero never ends
            raise ScanError(f"{visible(str(path))} is no file")
        return ScanIndex.load(path.read_bytes())
    except OSError as error:
        raise ScanError(f"{visible(str(path))} cannot be read: {error.strerror}") from error


def write(index: ScanIndex, path: Path) -> None:
    """Put an index into a file, whole. Raises ScanError."""
    try:
        files.replace(path, index.dump())
    except OSError as error:
        raise ScanError(f"{visible(str(path))} cannot be written: {error.strerror}") from error


def _common(texts: Iterable[bytes]) -> Set[bytes]:
    """Windows that many spellings share: a domain, a key's prefix."""
    counted = Counter[Any]()
    for number, text in enumerate(texts):
        if number >= _SAMPLE:
            break
        counted.update(set(anchors.windows(text)))
    return {window for window, times in counted.items() if times >= _COMMON}
