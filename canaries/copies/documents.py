"""Document sets: a document or a folder of documents, of which each recipient's copy loads addresses of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from canaries import kinds
from canaries.core.errors import MintError
from canaries.core.plugins import classes
from canaries.kinds import Kind

LARGEST = 64 << 20
MOST_FILES = 10_000


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """One file of the set."""

    path: str
    """Within the set."""
    content: bytes
    kind: str
    """The kind that marks it; empty: it goes into every copy as it is."""


def kinds_by_suffix() -> dict[str, str]:
    """File name suffix, with the dot, to the kind that makes bait of such a file."""
    return {
        f".{getattr(one, 'ending', one.name)}": one.name
        for one in classes(kinds.FOLDER, Kind).values()  # type: ignore[type-abstract]
        if one.takes_source
    }


def read(source: Path) -> list[SourceDocument]:
    """The document, or those of the folder. Raises MintError where none of them can be marked."""
    known, found = kinds_by_suffix(), list[SourceDocument]()
    for path in _files(source):
        name = str(path.relative_to(source)) if source.is_dir() else path.name
        try:
            if path.stat().st_size > LARGEST:
                raise MintError(f"{path} is larger than {LARGEST >> 20} MB")
            content = path.read_bytes()
        except OSError as error:
            raise MintError(f"{path} cannot be read: {error.strerror}") from error
        found.append(SourceDocument(name, content, known.get(path.suffix.lower(), "")))
        if len(found) > MOST_FILES:
            raise MintError(f"{source} has more than {MOST_FILES} files")
    if not any(one.kind for one in found):
        raise MintError(
            f"{source} holds no document that can be marked", hint=f"these can: {', '.join(sorted(known))}"
        )
    return found


def _files(source: Path) -> Iterator[Path]:
    if not source.is_dir():
        yield source
        return
    for path in sorted(source.rglob("*")):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise MintError(f"{path} is a link or no file", hint="put the documents themselves there")
        if path.is_file():
            yield path
