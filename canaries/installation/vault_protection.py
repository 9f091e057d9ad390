"""What operators do to the vault key, each an entry *setting* ``{"what": "vault", "act": ...}``.

The key file is replaced by the locked one only when that was read back and opened with what the operator has.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from canaries.core import files
from canaries.core.errors import HomeError
from canaries.vault_lock import agent, locked_key
from canaries.vault_lock.locked_key import LockedKey

if TYPE_CHECKING:
    from canaries.installation.home import Home

_PLAIN = "vault"


def protect(home: Home, passphrase: str) -> None:
    """Put the vault key under ``passphrase``. Raises HomeError where it is protected already, or not here."""
    key = _unprotected(home)
    made = locked_key.with_passphrase(key, passphrase)
    _replace(home, made, lambda found: found.by_passphrase(passphrase), key)
    _said(home, "protected", by="passphrase")


def share_out(home: Home, needed: int, of: int, folder: Path | None) -> list[str]:
    """Put it under ``needed`` of ``of`` shares. They come back, and go to ``folder``, a new one, where it is named.

    Raises HomeError, MissingExtraError.
    """
    key = _unprotected(home)
    made, shares = locked_key.with_shares(key, needed, of)
    if folder is not None:
        _written(folder, shares)
    _replace(home, made, lambda found: found.by_shares(shares[-needed:]), key)
    _said(home, "protected", by=f"{needed}of{of}")
    return shares


def unlock(home: Home, key: bytes, seconds: int) -> float:
    """Keep ``key`` in memory for ``seconds``; when that ends comes back, in seconds since 1970. Raises HomeError."""
    agent.start(home.path, key, seconds)
    _said(home, "unlocked", seconds=seconds)
    ends = agent.until(home.path)
    if ends is None:
        raise HomeError("the vault's agent has ended at once")
    return ends


def lock(home: Home) -> bool:
    """Lock it; whether it was unlocked. Raises HomeError where it is not protected."""
    LockedKey.read(home.keys.folder)
    ended = agent.lock(home.path)
    if ended:
        _said(home, "locked")
    return ended


def unprotect(home: Home, key: bytes) -> None:
    """Write the key into its own file again. Raises HomeError."""
    path = home.keys.folder / _PLAIN
    if not home.keys.vault_locks:
        raise HomeError("the vault key is not locked")
    files.create(path, key.hex().encode())
    (home.keys.folder / locked_key.FILE).unlink()
    files.sync_folder(home.keys.folder)
    agent.lock(home.path)
    _said(home, "unprotected")


def _unprotected(home: Home) -> bytes:
    if home.keys.vault_locks:
        raise HomeError("the vault key is protected already", hint="first: trapline vault unprotect")
    return home.keys.vault


def _replace(home: Home, made: LockedKey, opened: Callable[[LockedKey], bytes], key: bytes) -> None:
    folder = home.keys.folder
    # that of a command that was killed: the key file is still there
    (folder / locked_key.FILE).unlink(missing_ok=True)
    files.create(folder / locked_key.FILE, made.written())
    if opened(LockedKey.read(folder)) != key:
        (folder / locked_key.FILE).unlink()
        raise HomeError("what was written does not open: the key file stays as it was")
    (folder / _PLAIN).unlink()
    files.sync_folder(folder)


def _written(folder: Path, shares: list[str]) -> None:
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise HomeError(
            f"the folder {folder} cannot be made: {error.strerror}", hint="name a new one"
        ) from None
    for number, words in enumerate(shares, 1):
        files.create(folder / f"share-{number}.txt", f"{words}\n".encode())


def _said(home: Home, act: str, **more: object) -> None:
    said = home.act("setting", {"what": "vault", "act": act, **more})
    with home.store.write() as connection:
        home.writer.put(connection, said)
