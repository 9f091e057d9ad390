"""Asks for what opens a locked vault: on the terminal, or from a file, never from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from canaries.core.errors import HomeError

if TYPE_CHECKING:
    from canaries.vault_lock.locked_key import LockedKey


def vault_key(folder: Path, passphrase_file: Path | None = None, share_files: Sequence[Path] = ()) -> bytes:
    """The vault key of the locked one in ``folder``, with what is given or asked for. Raises HomeError, click.Abort."""
    from canaries.vault_lock.locked_key import LockedKey

    found = LockedKey.read(folder)
    if found.shares is None:
        return found.by_passphrase(passphrase(passphrase_file, confirm=False))
    return found.by_shares([_line(one) for one in share_files] or _asked(found))


def _asked(found: LockedKey) -> list[str]:
    needed = found.shares[0] if found.shares else 0
    return [
        click.prompt(f"Share {number} of {needed}", hide_input=True, err=True)
        for number in range(1, needed + 1)
    ]


def passphrase(path: Path | None, *, confirm: bool) -> str:
    """The first line of the file, else what is typed; ``confirm``: twice. Raises HomeError, click.Abort."""
    if path is not None:
        return _line(path)
    return str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm, err=True))


def _line(path: Path) -> str:
    """The first line of a file."""
    try:
        return path.read_text("utf-8").partition("\n")[0].strip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise HomeError(f"{path} cannot be read: {type(error).__name__}") from None
