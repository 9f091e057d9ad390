"""Which of a scanner's findings are bait where it was planted, and which would hide more than that.

A finding is bait where the file is bait and nothing else, or where what was found and a canary that was planted in this
file share characters of it. It is *coarse* where its entry would also hide other secrets: a string that many secrets
share, or, for scanners that leave out whole files, a file that is not bait alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from canaries.allowlists.scanners import SHORTEST, ReportedSecret, SecretScanner
from canaries.scan.index import ScanIndex
from canaries.scan.places import PlantedPlaces

_LARGEST = 64 << 20
"""Bytes of a file that is looked at."""
_LONGEST = 1024
"""Bytes of a line in which every string is hashed."""
_HEADER = re.compile(r"-*(?:BEGIN|END)[A-Z ]+-*")
"""What all private keys begin with (RFC 7468, section 2)."""


class Judgement(StrEnum):
    """On one finding."""

    PLANTED = "planted"
    """Bait in its place: its entry hides nothing else."""
    COARSE = "coarse"
    """Bait in its place, and its entry would hide other secrets too."""
    OTHER = "other"
    """Anything else: it stays a finding."""


class PlantedFindings:
    """Judges findings by an index of canaries and their places."""

    def __init__(self, root: Path, index: ScanIndex, places: PlantedPlaces) -> None:
        """``root``: the folder in which the scanner ran."""
        self._root, self._index, self._places = root, index, places
        self._content = lru_cache(maxsize=8)(_read)
        self._bait = lru_cache(maxsize=8)(self._is_bait)

    def judge(self, scanner: SecretScanner, findings: Iterable[ReportedSecret]) -> list[Judgement]:
        """On each finding. What cannot be read is `Judgement.OTHER`.

        An entry that several findings share is `Judgement.PLANTED` where each file has bait among its findings.
        """
        every = list(findings)
        judged = [self._judge(scanner, one) for one in every]
        files: dict[str, dict[str, bool]] = {}
        for one, judgement in zip(every, judged, strict=True):
            if one.group:
                seen = files.setdefault(one.group, {})
                seen[one.path] = seen.get(one.path, False) or judgement is Judgement.PLANTED
        return [
            judgement
            if not one.group
            else Judgement.PLANTED
            if all(files[one.group].values())
            else Judgement.OTHER
            for one, judgement in zip(every, judged, strict=True)
        ]

    def _is_bait(self, path: Path) -> bool:
        content = self._content(path)
        return content is not None and self._places.is_bait(path, content)

    def _judge(self, scanner: SecretScanner, found: ReportedSecret) -> Judgement:
        path = self._root / found.path
        content = self._content(path)
        if self._bait(path):
            return Judgement.PLANTED
        secret = self._of_canary(path, found, content or b"")
        if secret is None:
            return Judgement.OTHER
        shared = len(secret) < SHORTEST or _HEADER.fullmatch(secret)
        return Judgement.COARSE if shared or scanner.whole_files else Judgement.PLANTED

    def _of_canary(self, path: Path, found: ReportedSecret, content: bytes) -> str | None:
        """What was found, where it is a canary's; None where it is not."""
        if found.secret and self._spans(path, _encoded(found.secret)):
            return found.secret
        lines = _lines(content, found)
        spans = self._spans(path, lines)
        return next(
            (
                text
                for begin, end, text in _candidates(lines, found, spans)
                if any(begin < behind and end > start for start, behind in spans)
            ),
            None,
        )

    def _spans(self, path: Path, content: bytes) -> list[tuple[int, int]]:
        """Where strings stand of canaries that were planted in this file."""
        return [
            (one.place, one.place + one.length)
            for one in self._index.matches(content)
            if not one.weak and self._places.holds(one.canary, str(path))
        ]


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() and path.stat().st_size <= _LARGEST else None
    except OSError:
        return None


def _encoded(text: str) -> bytes:
    """JSON may hold halves of surrogate pairs, which no file holds."""
    return text.encode(errors="replace")


def _lines(content: bytes, found: ReportedSecret) -> bytes:
    """The lines of a finding."""
    return b"\n".join(content.split(b"\n")[max(0, found.line - 1) : max(found.line, found.last)])


def _candidates(
    lines: bytes, found: ReportedSecret, spans: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    """Places in ``lines`` of what was found, with the text."""
    if not spans:
        return
    if found.columns is not None:
        begin, end = found.columns[0], lines.rfind(b"\n") + 1 + found.columns[1]
        yield begin, end, lines[begin:end].decode(errors="replace")
    elif found.secret:
        secret, at = _encoded(found.secret), -1
        while (at := lines.find(secret, at + 1)) >= 0:
            yield at, at + len(secret), found.secret
    else:
        yield from _hashed(lines, found, spans)


def _hashed(
    lines: bytes, found: ReportedSecret, spans: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    """Every string of a line is tried; of a very long line those within a canary's."""
    parts = [(0, len(lines))] if len(lines) <= _LONGEST else spans
    for start, behind in parts:
        for begin in range(start, behind):
            for end in range(begin + 1, behind + 1):
                text = lines[begin:end].decode(errors="replace")
                if found.is_secret(text):
                    yield begin, end, text
