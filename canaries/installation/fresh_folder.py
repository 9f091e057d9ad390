"""The folder of a new installation: made with its first file, and left as it was where the rest fails."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from canaries.core import files
from canaries.core.errors import HomeError


@contextlib.contextmanager
def fresh_folder(path: Path, first: str, content: bytes) -> Iterator[None]:
    """Make ``path``, with the folders above it, and the file ``first`` in it; whoever comes second is refused.

    Where the block fails, what it made is removed: the content of a folder that was there (it may be a mount point or a
    link), the folder and those above it that were not. Raises HomeError, OSError.
    """
    elsewhere = "give another folder with --home"
    if (path / "home.id").exists():
        raise HomeError(f"{path} already holds an installation", hint=elsewhere)
    if path.is_symlink() and not path.exists():
        raise HomeError(f"{path} is a symbolic link to nothing", hint=elsewhere)
    if path.exists() and any(path.iterdir()):
        raise HomeError(f"{path} is not empty", hint=elsewhere)
    made = [folder for folder in (path, *path.parents) if not folder.exists()]
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_first(path / first, content)
    except BaseException:  # what is there may be another program's
        _remove_empty(made)
        raise
    try:
        yield
    except BaseException:
        _remove_content(path)
        _remove_empty(made)
        raise


def _write_first(path: Path, content: bytes) -> None:
    try:
        files.create(path, content)
    except FileExistsError:
        raise HomeError(f"another program is making an installation in {path.parent}") from None


def _remove_content(folder: Path) -> None:
    for one in folder.iterdir():
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)


def _remove_empty(folders: Sequence[Path]) -> None:
    """Those of ``folders``, innermost first, in which nothing is."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()
