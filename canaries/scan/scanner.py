"""Finding canaries in a dump: which of them it holds, and so whose copy it was.

Every token is at least `SHORTEST` characters of a few alphabets, so it is in a run of such characters. Runs are
found by `bytes.translate` and `split` (both in C), each different one is looked at once a piece: as a whole, cut at
every kind of separator, in lower case where it could be a host or an address, percent-decoded, and decoded from
Base64 and hexadecimal where text comes out. The tags of all these are compared with the keyed index; the dump's
strings go nowhere else.

Not seen: tokens that were encrypted, split over lines by a mail's encoding, or cut short.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from sqlalchemy import select

from canaries.core import store
from canaries.crypto.token_tags import tagger
from canaries.mint import catalogue
from canaries.scan.archives import Piece, Unreadable, read_pieces

if TYPE_CHECKING:
    from canaries.core.model import Canary
    from canaries.installation.home import Home

SHORTEST = 16
"""96 bits take 16 characters of Base64, and more of any smaller alphabet."""
_LONG = 1000
"""A Base64 run of this length may have begun in the piece before: all four alignments are tried."""

_ALNUM = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _spaces_but(kept: bytes) -> bytes:
    """A table for `bytes.translate` that turns all but ``kept`` into spaces."""
    return bytes(code if code in kept else 0x20 for code in range(256))


_WIDE = _spaces_but(_ALNUM + b"_-+/.@%~!*")
_CUTS = tuple(_spaces_but(_ALNUM + extra) for extra in (b"", b"_-", b"_-+/", b"_-.@+", b"_-.", b"_-!*"))
"""Separators within a run: none of the alphabets may hide a token that another one shows."""
_EDGES = b"-._~+/"
"""What may stand right before or after a token: a full stop, a slash."""
_URLSAFE = bytes.maketrans(b"-_", b"+/")
_TEXT = frozenset(range(0x20, 0x7F)) | {9, 10, 13}
_NOT_TEXT = bytes(code for code in range(256) if code not in _TEXT)
_IS_TEXT = bytes(code in _TEXT for code in range(256))
_TO_BASE64 = bytes(
    code if code in _ALNUM + b"+/" else {0x2D: 0x2B, 0x5F: 0x2F}.get(code, 0x41) for code in range(256)
)
"""What is not Base64 becomes ``A``: it decodes to a NUL, which is no text."""
_TO_HEX = bytes(code if code in b"0123456789abcdefABCDEF" else 0x66 for code in range(256))
"""What is not hexadecimal becomes ``f``: it decodes to 0xFF or 0x?F, which is no text or is found out later."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A token found in a dump; its first occurrence in that file."""

    canary: str
    kind: str
    facet: str
    recipient: str
    """Whose copy it was, where each recipient got their own; otherwise empty."""
    memo: str
    path: str
    line: int
    offset: int
    """In bytes, of the unpacked file."""

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "canary": self.canary,
            "kind": self.kind,
            "facet": self.facet,
            "recipient": self.recipient,
            "memo": self.memo,
            "path": self.path,
            "line": self.line,
            "offset": self.offset,
        }


def scan(home: Home, paths: Iterable[Path]) -> Iterator[Finding | Unreadable]:
    """Yield every known token in the files and folders ``paths``, each once a file."""
    scanner = _Scanner(home)
    for path in paths:
        for piece in read_pieces(path):
            if isinstance(piece, Unreadable):
                yield piece
            else:
                yield from scanner.findings(piece)


class _Scanner:
    """Holds the index (about 100 MB a million tokens) and what was already said of the present file."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._tag = tagger(home.keys.lookup)
        with home.store.read() as connection:
            self._tags = set(connection.execute(select(store.token.c.tag)).scalars())
        self._path, self._said = "", set[bytes]()
        self._canaries: dict[str, Canary] = {}

    def findings(self, piece: Piece) -> Iterator[Finding]:
        """Of one piece, in order of place."""
        if piece.path != self._path:
            self._path, self._said = piece.path, set()
        found = []
        for tag, place in self._matches(piece.content):
            if tag not in self._said:
                self._said.add(tag)
                found.append((place, tag))
        for place, tag in sorted(found):
            line = piece.line + piece.content.count(b"\n", 0, place)
            yield self._finding(tag, piece.path, line, piece.offset + place)

    def _matches(self, content: bytes) -> Iterator[tuple[bytes, int]]:
        """Tags of known tokens, each with the place where it stands (or the run that stands for it)."""
        yield from self._located(content)
        if b"\0" in content:  # UTF-16, or fixed-width fields
            yield from self._located(content.translate(None, b"\0"), original=content)

    def _located(self, content: bytes, original: bytes | None = None) -> Iterator[tuple[bytes, int]]:
        wide = _runs(content, _WIDE)
        candidates = wide | cut({run for run in wide if not run.isalnum()})
        decoded = {run: decodings(run) for run in likely(wide)}
        if hits := self._ours(candidates):
            values = {self._tag(one): one for one in candidates}
            for tag in hits:
                yield tag, _place(values[tag], content, original)
        for run, parts in decoded.items():
            for tag in self._ours(parts):
                yield tag, _place(run, content, original)

    def _ours(self, candidates: set[bytes]) -> set[bytes]:
        tag = self._tag
        return {tag(candidate) for candidate in candidates} & self._tags

    def _finding(self, tag: bytes, path: str, line: int, offset: int) -> Finding:
        with self._home.store.read() as connection:
            row = connection.execute(select(store.token).where(store.token.c.tag == tag)).one()
        canary = self._canaries.get(row.canary_id)
        if canary is None:
            canary = self._canaries[row.canary_id] = catalogue.find(self._home, row.canary_id)
        return Finding(canary.id, canary.kind, row.facet, canary.recipient, canary.memo, path, line, offset)


def _runs(content: bytes, table: bytes) -> set[bytes]:
    """The different runs of the characters that ``table`` keeps, long enough to hold a token."""
    return {run for run in set(content.translate(table).split()) if len(run) >= SHORTEST}


def _place(value: bytes, content: bytes, original: bytes | None) -> int:
    """Where ``value`` stands, in any case; in UTF-16, where its wide form does."""
    if original is None:
        place = content.find(value)
        return place if place >= 0 else max(0, content.lower().find(value))
    spread = b"\0".join(bytes([code]) for code in value)
    place = original.find(spread)
    return place if place >= 0 else max(0, original.lower().find(spread))


def cut(mixed: set[bytes]) -> set[bytes]:
    """The runs ``mixed`` and those within them under narrower alphabets; hosts and addresses in lower case too."""
    joined = b"\n".join(mixed)
    found: set[bytes] = set()
    for table in _CUTS:
        found |= _runs(joined, table)
    every = found | mixed
    edged = [run for run in every if run[0] in _EDGES or run[-1] in _EDGES]
    every.update(bare for run in edged if len(bare := run.strip(_EDGES)) >= SHORTEST)
    capitals = [run for run in every if not run.islower()]
    every.update(run.lower() for run in capitals if b"." in run or b"@" in run)
    return every


def likely(wide: set[bytes]) -> list[bytes]:
    """Of many runs the few that may stand for text: six bytes of each are decoded, all in one call."""
    runs = [run for run in wide if len(run) >= 22 or b"%" in run]
    text = b"\1" * 6
    base64s = base64.b64decode(b"".join([run[:8] for run in runs]).translate(_TO_BASE64)).translate(_IS_TEXT)
    hexes = binascii.unhexlify(b"".join([run[:12] for run in runs]).translate(_TO_HEX)).translate(_IS_TEXT)
    return [
        run
        for run, start in zip(runs, range(0, len(base64s), 6), strict=True)
        if base64s[start : start + 6] == text
        or hexes[start : start + 6] == text
        or len(run) >= _LONG
        or b"%" in run
    ]


def decodings(run: bytes) -> set[bytes]:
    """The candidates in what ``run`` stands for, where it is text in percent, hexadecimal or Base64 form."""
    texts = []
    if b"%" in run:
        texts.append(unquote_to_bytes(run))
    core = run.strip(b"-._~@%!*")
    texts.extend(_unhex(core))
    texts.extend(_unbase64(core))
    found: set[bytes] = set()
    for text in texts:
        inner = _runs(text, _WIDE)
        found |= inner | cut(inner)
    return found


def _unhex(core: bytes) -> Iterator[bytes]:
    try:
        text = binascii.unhexlify(core)
    except binascii.Error:
        return
    if text.translate(None, _NOT_TEXT) == text:
        yield text


def _unbase64(core: bytes) -> Iterator[bytes]:
    """RFC 4648, sections 4 and 5, padded or not."""
    standard = core.translate(_URLSAFE)
    for start in range(4 if len(core) >= _LONG else 1):
        body = standard[start:]
        whole, rest = body[: len(body) // 4 * 4], body[len(body) // 4 * 4 :]
        if len(rest) > 1:  # an incomplete group; a single character cannot be one
            whole += rest + b"=" * (4 - len(rest))
        try:
            text = base64.b64decode(whole, validate=True)
        except binascii.Error:
            continue
        if text.translate(None, _NOT_TEXT) == text:
            yield text
