"""Taking back what was planted into files: the exact bytes, and whole files that nobody has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from canaries.core.errors import PlantError
from canaries.core.model import Canary
from canaries.plant.files.git import remains
from canaries.plant.files.old_appends import appended
from canaries.plant.files.splicing import SplicedPiece, piece_of, rewrite, without
from canaries.plant.formats import format_of, unchanged
from canaries.plant.formats._text import document
from canaries.plant.planters import Item, Removal

_LARGEST = 256 * 1024 * 1024
_COPIES = ("~", ".bak", ".old", ".orig", ".save", ".swp", ".rej", ".backup", ".1")


@dataclass(frozen=True, slots=True)
class _Undoing:
    """One item's way out."""

    step: str
    run: Callable[[], None]
    back: Callable[[], None]
    """Puts it there again, where a later item fails."""


def file_removal(items: tuple[Item, ...], canary: Canary, planted_at: str) -> Removal:
    """How the files of one placement are taken back, all or none. Raises PlantError."""
    ways = [_way(item, canary) for item in items]

    def run() -> None:
        done: list[_Undoing] = []
        try:
            for way in ways:
                way.run()
                done.append(way)
        except BaseException:
            for way in reversed(done):
                way.back()
            raise

    def undo() -> None:
        for way in reversed(ways):
            way.back()

    left = [sentence for item in items for sentence in _remains(item, canary, planted_at)]
    return Removal(tuple(way.step for way in ways), run, undo, tuple(dict.fromkeys(left)))


def _way(item: Item, canary: Canary) -> _Undoing:
    path = Path(item.where)
    try:
        if not path.is_file() or path.is_symlink():
            raise PlantError(f"{path} is not there any more", hint="see: trapline placements --check")
        if path.stat().st_size > _LARGEST:
            raise PlantError(f"{path} has grown too large", hint="take the bait out by hand")
        current = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise PlantError(f"{path} cannot be read: {reason}") from error
    return _whole(path, current, item) if item.how == "created" else _part(path, current, item, canary)


def _whole(path: Path, current: bytes, item: Item) -> _Undoing:
    if hashlib.sha256(current).hexdigest() != item.sha256:
        raise PlantError(f"{path} was changed since it was planted", hint="remove it by hand")
    folders = [Path(one) for one in item.memory.get("folders", [])]

    def run() -> None:
        try:
            if path.read_bytes() != current:
                raise PlantError(f"{path} is being changed by another program", hint="try again")
            path.unlink()
        except OSError as error:
            raise PlantError(f"{path} cannot be removed: {(error.strerror or '').lower()}") from error
        for folder in reversed(folders):
            try:
                folder.rmdir()
            except OSError:
                break  # somebody put something into it: then it stays

    mode = path.stat().st_mode

    def back() -> None:
        for folder in folders:
            folder.mkdir(mode=0o700, exist_ok=True)
        path.write_bytes(current)
        path.chmod(mode)

    return _Undoing(f"remove {path}, which is as it was planted", run, back)


def _part(path: Path, current: bytes, item: Item, canary: Canary) -> _Undoing:
    saved = _saved(item, canary)
    try:
        left = without(current, saved, item.memory.get("after", ""))
    except PlantError as error:
        raise PlantError(f"in {path}, {error.sentence}", hint=error.hint) from error
    _refuse_harm(path, current, left)
    count = sum(len(piece.added) for piece in saved)
    exact = hashlib.sha256(left).hexdigest() == item.memory.get("before")
    how = "which restores it byte for byte" if exact else "and leave what others changed since"
    return _Undoing(
        f"take {count} bytes out of {path}, {how}; mode, owner and dates stay",
        lambda: rewrite(path, current, left),
        lambda: rewrite(path, left, current),
    )


def _saved(item: Item, canary: Canary) -> tuple[SplicedPiece, ...]:
    if saved := item.memory.get("pieces"):
        return tuple(piece_of(one) for one in saved)
    added = appended(canary.text, item.sha256)
    if added is None:
        raise PlantError(
            f"what was put into {item.where} is not known letter for letter", hint="take it out by hand"
        )
    return (SplicedPiece(0, added, b"", b""),)


def _refuse_harm(path: Path, current: bytes, left: bytes) -> None:
    """What reads well with the bait must read the same without it."""
    try:
        opened = document(path, current)
        chosen = format_of(opened)
        now = chosen.read(opened.text)
    except (PlantError, ValueError, RecursionError):
        return  # it does not read well anyhow; the bytes are exact
    try:
        fine = unchanged(chosen.read(document(path, left).text), now)
    except (ValueError, RecursionError):
        fine = False
    if not fine:
        raise PlantError(
            f"without the bait {path} would not read as it does now",
            hint="something was built on it: edit it by hand",
        )


def _remains(item: Item, canary: Canary, planted_at: str) -> Iterator[str]:
    """Copies beside the file that hold the bait too, and the history of its repository."""
    path, wanted = Path(item.where), [one.encode() for one in _wanted(item, canary)]
    for copy in (path.with_name(path.name + end) for end in _COPIES):
        yield from _copy(copy, wanted)
    yield from _copy(path.with_name(f".{path.name}.swp"), wanted)
    yield from remains(path, wanted, planted_at)
    yield "backups and snapshots made since then hold it, and whoever copied it has it: hits stay recorded"


def _copy(copy: Path, wanted: list[bytes]) -> Iterator[str]:
    try:
        if (
            copy.is_file()
            and copy.stat().st_size < _LARGEST
            and any(one in copy.read_bytes() for one in wanted)
        ):
            yield f"{copy} holds it too"
    except OSError:
        yield f"{copy} is there and cannot be read"


def _wanted(item: Item, canary: Canary) -> list[str]:
    found: Any = item.memory.get("needles")
    return list(found) if found else [token.value for token in canary.tokens if not token.weak]
