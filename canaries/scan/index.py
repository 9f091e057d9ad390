"""What `scan` looks for: every spelling of every canary, as an anchor and a keyed tag.

It is made from the sealed records, once a canary, and kept in the home; it can be handed to somebody else. Whoever has
it can test a string that they already have. They cannot list the bait: 32 bits of eight bytes of each spelling are all
that it gives away, of at least 96 bits that nobody can guess. Names, cities and telephone numbers can be guessed, with
it as without it.
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
from canaries.scan.person_marks import WORD_FACETS
from canaries.scan.spellings import LONGEST, VERSION, PersonWord, Spelling

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
_WORD_ROW = np.dtype([("canary", "<u4"), ("facet", "u1"), ("variant", "u1"), ("tag", f"V{TAG_BYTES}")])
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
    owner: int = 0
    """The number of the canary in the index."""


@dataclass(frozen=True, slots=True)
class SpellingCandidates:
    """Where spellings may stand in some bytes, by their anchors: nothing is compared yet."""

    starts: npt.NDArray[np.int64]
    """Places, in order of the anchors' places."""
    rows: Rows
    """Of the index; as many."""

    def only(self, kept: npt.NDArray[np.bool_]) -> SpellingCandidates:
        """Those that are marked."""
        return SpellingCandidates(self.starts[kept], self.rows[kept])


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
    words: int = 0
    """Rows of words behind the rows of spellings. Older files have none."""


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
    words: Rows = field(default_factory=lambda: np.empty(0, _WORD_ROW))
    """Of phony people, by canary: what counts only in a row with another of their strings."""
    _table: anchors.AnchorTable | None = None

    def add(self, many: Iterable[tuple[str, Iterable[Spelling | PersonWord]]]) -> None:
        """Take in canaries, each with its spellings."""
        tag, numbers = tagger(self.key), {name: number for number, name in enumerate(self.names)}
        waiting = [(canary, list(spellings)) for canary, spellings in many]
        every = (one for _, spellings in waiting for one in spellings)
        common = _common(one.text for one in every if isinstance(one, Spelling))
        fresh, words = [], []
        for canary, spellings in waiting:
            self.canaries.append(canary)
            owner = len(self.canaries) - 1
            for one in spellings:
                if isinstance(one, PersonWord):
                    words.append((owner, WORD_FACETS.index(one.facet), one.variant, tag(one.text)))
                    continue
                what = numbers.setdefault((one.facet, one.form), len(numbers))
                choose = anchors.choose_telling if one.weak else anchors.choose
                offset = choose(one.text, common)
                number = anchors.anchor(one.text[offset : offset + anchors.WINDOW])
                flags = one.folds * _FOLDS + one.weak * _WEAK
                fresh.append((number, owner, what, offset, len(one.text), flags, tag(one.text)))
        self.names = list(numbers)
        rows = np.concatenate([self.rows, np.array(fresh, _ROW)])
        self.rows = rows[rows["anchor"].argsort(kind="stable")]
        self.words = np.concatenate([self.words, np.array(words, _WORD_ROW)])
        self._table = None

    def matches(self, content: bytes) -> Iterator[SpellingMatch]:
        """Every spelling in ``content``, in order of place."""
        return self.compare(content, self.candidates(content))

    def candidates(self, content: bytes) -> SpellingCandidates:
        """Where one may stand in ``content``."""
        if self._table is None:
            self._table = anchors.AnchorTable(np.ascontiguousarray(self.rows["anchor"]))
        places, first, behind = self._table.places(content).T
        counts = behind - first
        skipped = np.cumsum(counts) - counts
        rows = self.rows[np.arange(counts.sum()) + np.repeat(first - skipped, counts)]
        starts = np.repeat(places, counts) - rows["offset"]
        found = SpellingCandidates(starts, rows)
        return found.only(starts >= 0) if len(starts) else found

    def compare(self, content: bytes, found: SpellingCandidates) -> Iterator[SpellingMatch]:
        """Those of the candidates in ``content`` that stand there."""
        lengths, flags = found.rows["length"].astype(np.int64), found.rows["flags"]
        strings = (found.starts * (LONGEST + 1) + lengths) * 2 + (flags & _FOLDS)
        # a name is that of many
        once, first, which = np.unique(strings, return_index=True, return_inverse=True)
        tag, tags = tagger(self.key), bytearray()
        for start, length, folds in zip(
            found.starts[first].tolist(), lengths[first].tolist(), (once % 2).tolist(), strict=True
        ):
            text = content[start : start + length]
            tags += tag(text.lower() if folds else text)
        seen = np.frombuffer(tags, f"V{TAG_BYTES}")[which]
        there = found.only((_halves(seen) == _halves(found.rows["tag"])).all(axis=1))
        for start, row in zip(there.starts.tolist(), there.rows.tolist(), strict=True):
            _, owner, what, _, length, flag, _ = row
            facet, form = self.names[what]
            yield SpellingMatch(start, length, self.canaries[owner], facet, form, bool(flag & _WEAK), owner)

    def facets_of(self, owner: int, tags: Set[bytes]) -> list[str]:
        """Of the canary with this number, the facets of `WORD_FACETS` of which all words are among those with these
        ``tags``."""
        first, behind = np.searchsorted(self.words["canary"], [owner, owner + 1])
        missing: dict[tuple[int, int], bool] = {}
        for _, facet, variant, tag in self.words[first:behind].tolist():
            missing[facet, variant] = missing.get((facet, variant), False) or tag not in tags
        return [
            WORD_FACETS[facet]
            for facet in sorted({facet for (facet, _), some in missing.items() if not some})
        ]

    def dump(self) -> bytes:
        """The file: a line that says what it is, a line of JSON, the rows, SHA-256 of all that."""
        places = {canary: [tag.hex() for tag in tags] for canary, tags in self.places.items()}
        head = _IndexHead(
            self.key.hex(),
            self.through,
            len(self.rows),
            self.canaries,
            self.names,
            places,
            self.spellings,
            len(self.words),
        )
        content = _MAGIC + msgspec.json.encode(head) + b"\n" + self.rows.tobytes() + self.words.tobytes()
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
            behind = _ROW.itemsize * head.rows
            held, key = np.frombuffer(rows[:behind], _ROW), bytes.fromhex(head.key)
            words = np.frombuffer(rows[behind:], _WORD_ROW)
            index = cls(key, head.through, head.canaries, head.names, places, head.spellings, held, words)
        except ValueError as error:
            raise ScanError("this scan index cannot be read", hint="make it again") from error
        index.check(head.rows, head.words)
        return index

    def check(self, rows: int, words: int) -> None:
        """Raise ScanError where there are other numbers of rows, one points to nothing, or the key is none."""
        held, more = self.rows, self.words
        sound = len(held) == rows and len(more) == words and 16 <= len(self.key) <= 64
        if sound and words:
            sound = (
                int(more["canary"][-1]) < len(self.canaries)
                and int(more["facet"].max()) < len(WORD_FACETS)
                and bool((np.diff(more["canary"].astype(np.int64)) >= 0).all())
            )
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


def _halves(tags: Rows) -> npt.NDArray[np.uint64]:
    """Each as two numbers."""
    return np.ascontiguousarray(tags).view(np.uint64).reshape(-1, 2)


def _common(texts: Iterable[bytes]) -> Set[bytes]:
    """Windows that many spellings share: a domain, a key's prefix."""
    counted = Counter[Any]()
    for number, text in enumerate(texts):
        if number >= _SAMPLE:
            break
        counted.update(set(anchors.windows(text)))
    return {window for window, times in counted.items() if times >= _COMMON}
