"""Files that were cut into parts: those that stand together in a folder are read as the one file that they were.

Known are the names that split(1) gives (``x.tar.gz.aa``, ``xaa``, ``x.00``), those of 7-Zip and its like
(``x.zip.001``), of ``zip -s`` (``x.z01`` ... ``x.zip``) and of parts with that word (``x.part1``, ``x.tar.part-aa``).
Files that are numbered and each begin in the same way (logs, volumes of RAR) are no parts of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from canaries.scan.noise import SHORTEST, is_media

_PART = re.compile(
    r"(?P<zip>.+\.z)01\Z|(?P<stem>.+?)(?:"
    r"(?P<mark>[._-]part[._-]?|[._-])?(?P<number>a{2,8}|(?<!\d)0+[01])|(?P<word>[._-]part[._-]?)(?P<one>[01]))\Z",
    re.DOTALL,
)
"""The first part's name."""
_ARCHIVES = (
    "zip|7z|rar|tar|gz|tgz|bz2|tbz2?|xz|txz|zst|tzst|lz4|lzma|lzo|lz|br|gpg|pgp|age|asc|enc|b64|hex|iso|img|dmg|vmdk|qcow2"
    "|sql|dump|bak|backup|db|sqlite3?|mdb|mbox|pst|ost|csv|json|ndjson|jsonl|parquet|avro|orc"
)
_ALONE = re.compile(
    rf".*\.(?:{_ARCHIVES})[._-](?:part[._-]?)?(?:\d{{2,8}}|(?!gz|xz|bz|lz|br|db)[a-z]{{2}}|aa[a-z])\Z|.*\.z\d\d\Z"
    r"|.*\.(?:zip|7z|tar|t?gz|bz2|t?xz|zst|lz4|gpg|age|enc)(?:\d{2,8}|a[a-z])\Z"
    r"|.*[._-]part[._-]?(?:\d{1,5}|[a-z]{2})\Z",
    re.IGNORECASE | re.DOTALL,
)
"""Names that nothing but a part has."""
_NUMBERED = re.compile(r".*\.\d{3,5}\Z|x[a-z]{2}\Z", re.DOTALL)
"""Names that other files have as well."""
_LAST_OF_ZIP = re.compile(rb"PK\x05\x06(?!\0\0|\xff\xff).{18}", re.DOTALL)
"""The record at a zip archive's end with the number of its disk, which is 0 where there is one (APPNOTE, 4.3.16)."""
_HEAD = 4
_SAMPLE = 1 << 16
_TEXT = bytes([9, 10, 12, 13, *range(0x20, 0x7F)])
_ALIKE = 0.75
"""Of the different bytes that chance would give."""


@dataclass(frozen=True, slots=True)
class CutFile:
    """A file of which the parts stand in one folder."""

    path: Path
    """What it was called before it was cut, or is likely to have been called."""
    parts: tuple[Path, ...]
    """In order, from the first."""
    missing: str = ""
    """The name of the first part that is missing, though there are later ones."""

    @property
    def size(self) -> int:
        """Bytes of all parts. Raises OSError."""
        return sum(part.stat().st_size for part in self.parts)


class JoinedParts:
    """The parts' bytes, one behind the other."""

    def __init__(self, parts: Sequence[Path]) -> None:
        self._waiting = list(reversed(parts))
        self._file: IO[bytes] | None = None

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes, or all; none at the end. Raises OSError."""
        if size < 0:
            return b"".join(iter(lambda: self.read(_SAMPLE), b""))
        while self._file is not None or self._waiting:
            if self._file is None:
                self._file = self._waiting.pop().open("rb")
            if part := self._file.read(size):
                return part
            self.close()
        return b""

    def close(self) -> None:
        """Close the part that is being read."""
        if self._file is not None:
            self._file.close()
            self._file = None


def gathered(folder: Path, names: Iterable[str]) -> Iterator[Path | CutFile]:
    """The files ``names`` of ``folder`` in order; those that are parts of one as that, in the place of the first."""
    ordered = sorted(names)
    firsts, later = dict[str, CutFile](), set[str]()
    for one in _cut_files(folder, ordered):
        firsts[one.parts[0].name] = one
        later.update(part.name for part in one.parts[1:])
    for name in ordered:
        if name not in later:
            yield firsts.get(name) or folder / name


def whole(path: Path) -> CutFile | None:
    """The file of which the file at ``path`` is a part, where the parts before it stand beside it."""
    if not any((path.parent / first).is_file() for first in _firsts(path.name)):
        return None  # looked at before the whole folder is
    return next((one for one in _of_folder(path.parent) if path in one.parts), None)


def parts_of(path: Path) -> tuple[Path, ...]:
    """The parts of the file that was called ``path``; none where it was not cut."""
    return next((one.parts for one in _of_folder(path.parent) if one.path.name == path.name), ())


def without_later(paths: Iterable[Path]) -> list[Path]:
    """``paths`` without those parts of a file of which an earlier part is among them: one stands for all."""
    kept, read = list[Path](), set[Path]()
    for path in paths:
        if path.resolve() in read:
            continue
        kept.append(path)
        if path.is_file() and (cut := whole(path)):
            read.update(part.resolve() for part in cut.parts)
    return kept


def is_part(name: str, content: bytes) -> bool:
    """Whether a file called so that begins with ``content``, and that no container opens, is a part of another file."""
    name, sample = re.split(r"[!/]", name)[-1], content[:_SAMPLE]
    if not content:
        return False
    if _ALONE.match(name):
        return b" " not in sample or bool(sample.translate(None, _TEXT))
    return _NUMBERED.match(name) is not None and len(sample) < SHORTEST and _like_chance(sample)


def is_last_of_zip(tail: bytes) -> bool:
    """Whether a file that ends with ``tail`` is the last part of what ``zip -s`` wrote."""
    return any(
        found.end() + int.from_bytes(tail[found.start() + 20 : found.start() + 22], "little") == len(tail)
        for found in _LAST_OF_ZIP.finditer(tail)
    )


def _like_chance(content: bytes) -> bool:
    strange = len(content.translate(None, _TEXT))
    different = 256 * (1 - (255 / 256) ** len(content))
    return not is_media(content) and strange * 3 >= len(content) and len(set(content)) >= different * _ALIKE


def _of_folder(folder: Path) -> Iterator[CutFile]:
    with suppress(OSError):
        yield from _cut_files(folder, sorted(one.name for one in folder.iterdir()))


def _firsts(name: str) -> Iterator[str]:
    """What the first part is called, where ``name`` is one."""
    if found := re.match(r"(.+\.z)(?:\d\d|ip)\Z", name, re.DOTALL):
        yield f"{found[1]}01"
    digits = len(name) - len(name.rstrip("0123456789"))
    for width in {digits, 1} if digits else ():
        for number in ("0" * width, "1".zfill(width), "00"):
            yield name[:-width] + number
    for width in (2, 3, 4):
        if name[-width:].isalpha():
            yield name[:-width] + "a" * width
            yield name[:-width] + "aa"


def _cut_files(folder: Path, names: Sequence[str]) -> Iterator[CutFile]:
    known = set(names) - {""}
    for name in names:
        if (first := _PART.match(name)) and (found := _series(name, first, known)):
            called, parts, missing = found
            cut = CutFile(folder / called, tuple(folder / part for part in parts), missing)
            if all(part.is_file() for part in cut.parts) and not _each_begins_alike(cut.parts):
                yield cut


def _series(name: str, first: re.Match[str], known: set[str]) -> tuple[str, list[str], str] | None:
    """(what it was called, its parts, what is missing) of the file whose first part may be ``name``; None for none."""
    if first["zip"]:
        return _zip_series(first["zip"], known)
    number = first["number"] or first["one"]
    for width in range(len(number), 0 if number.isdigit() else 1, -1):
        stem = name[:-width]
        parts = _run(stem, name[-width:], known)
        marked = first["mark"] or first["word"]
        missing = (
            _next(parts[-1], len(stem))
            if (marked or stem == "x") and _goes_on(stem, parts[-1], known)
            else ""
        )
        if len(parts) > 1 or missing:
            return first["stem"] if marked else stem, parts, missing
        if number.isdigit():
            break
    return None


def _run(stem: str, number: str, known: set[str]) -> list[str]:
    parts = [stem + number]
    while (behind := _next(parts[-1], len(stem))) in known or (
        behind := _wider(parts[-1], len(stem))
    ) in known:
        parts.append(behind)
    return parts


def _goes_on(stem: str, last: str, known: set[str]) -> bool:
    """Whether there are parts behind ``last``, though not the next one."""
    before = last[len(stem) :]
    numbers = (name[len(stem) :] for name in known if name.startswith(stem) and len(name) == len(last))
    return any(
        number > before and (number.isdigit() if before.isdigit() else number.isalpha() and number.islower())
        for number in numbers
    )


def _next(name: str, at: int) -> str:
    """``name`` with the number that begins ``at`` there one higher."""
    number = name[at:]
    if number.isdigit():
        return name[:at] + str(int(number) + 1).zfill(len(number))
    kept = number.rstrip("z")
    if not kept:
        return ""
    return name[:at] + kept[:-1] + chr(ord(kept[-1]) + 1) + "a" * (len(number) - len(kept))


def _wider(name: str, at: int) -> str:
    """The same where split(1) goes on with more letters or digits: ``yz`` with ``zaaa``, ``89`` with ``9000``."""
    number = name[at:]
    lowest, nearly, highest = "089" if number.isdigit() else "ayz"
    rest = number.lstrip(highest)
    if not rest or rest != nearly + highest * (len(rest) - 1):
        return ""
    return name[:at] + highest * (len(number) - len(rest) + 1) + lowest * (len(rest) + 1)


def _zip_series(stem: str, known: set[str]) -> tuple[str, list[str], str]:
    """``stem`` ends in ``.z``: behind it stand numbers, and in the last part's name ``ip``."""
    last, parts = f"{stem}ip", [f"{stem}01"]
    while (behind := f"{stem}{len(parts) + 1:02}") in known:
        parts.append(behind)
    later = any(re.fullmatch(re.escape(stem) + r"\d{2,}", one) and one not in parts for one in known)
    if later or last not in known:
        return last, parts, behind if later else last
    return last, [*parts, last], ""


def _each_begins_alike(parts: Sequence[Path]) -> bool:
    """Whether a later one begins as the first does: then each is a file by itself."""
    heads = []
    for part in parts:
        with suppress(OSError), part.open("rb") as file:
            heads.append(file.read(_HEAD))
    return len(set(heads[0] if heads else b"")) > 1 and heads[0] in heads[1:]
