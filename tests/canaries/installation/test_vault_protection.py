"""A locked vault hides what was caught and stops nothing else; every act is an entry; what fails changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from canaries.core.errors import HomeError, LockedError
from canaries.installation import vault_protection as protection
from canaries.installation.home import Home
from canaries.ledger import verification
from canaries.ledger.sealer import LogSealer
from canaries.mint.minting import mint
from canaries.vault_lock import agent, locked_key
from canaries.vault_lock.locked_key import LockedKey, WrongSecretError
from tests import steady

WORDS = "five words drawn by dice"


@pytest.fixture
def locked(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """Under `WORDS`."""
    monkeypatch.setattr(locked_key, "COST", {"time": 1, "memory": 64, "lanes": 1})
    steady.unpacked(home.path)
    list(mint(home, "url"))
    _ = home.reader
    home._reader = None
    protection.protect(home, WORDS)
    yield home
    agent.lock(home.path)


def acts(home: Home) -> list[str]:
    with home.store.read() as connection:
        bodies = [entry.body for entry in home.reader.entries(connection, "setting")]
    return [str(body["act"]) for body in bodies if body.get("what") == "vault"]


def test_locked_unlocked_locked(locked: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    key = LockedKey.read(locked.keys.folder).by_passphrase(WORDS)
    assert not (locked.keys.folder / "vault").exists()
    with pytest.raises(LockedError, match="the vault is locked"):
        _ = locked.reader
    list(mint(locked, "url"))  # minting, sealing and checking the log go on
    LogSealer(locked).checkpoint()
    verification.verify(locked)
    protection.unlock(locked, key, 600)
    assert locked.keys.vault == key
    assert acts(locked) == ["protected", "unlocked"]
    reader = locked.reader
    assert locked.reader is reader
    assert protection.lock(locked)
    monkeypatch.setattr("canaries.installation.home._VAULT_SECONDS", 0.0)
    with pytest.raises(LockedError):  # a program that runs has dropped the key
        _ = locked.reader
    assert locked._reader is None
    assert not protection.lock(locked)
    protection.unprotect(locked, key)
    assert acts(locked) == ["protected", "unlocked", "locked", "unprotected"]
    assert not (locked.keys.folder / locked_key.FILE).exists()
    with pytest.raises(HomeError, match="is not locked"):
        protection.lock(locked)


def test_what_does_not_fit_changes_nothing(locked: Home, tmp_path: Path) -> None:
    before = sorted(one.name for one in locked.keys.folder.iterdir())
    found = LockedKey.read(locked.keys.folder)
    with pytest.raises(WrongSecretError):
        found.by_passphrase("five other words of mine")
    with pytest.raises(HomeError, match="protected already"):
        protection.protect(locked, WORDS)
    with pytest.raises(HomeError, match="protected already"):
        protection.share_out(locked, 2, 3, tmp_path / "shares")
    assert sorted(one.name for one in locked.keys.folder.iterdir()) == before
    assert not (tmp_path / "shares").exists()


def test_shares_are_written_apart(home: Home, tmp_path: Path) -> None:
    plain = home.keys.vault
    taken = tmp_path / "taken"
    taken.mkdir()
    with pytest.raises(HomeError, match="cannot be made"):
        protection.share_out(home, 2, 3, taken)
    assert home.keys.has("vault")
    shares = protection.share_out(home, 2, 3, tmp_path / "shares")
    files = sorted((tmp_path / "shares").iterdir())
    assert [one.read_text().strip() for one in files] == shares
    assert {one.stat().st_mode & 0o777 for one in files} == {0o600}
    assert LockedKey.read(home.keys.folder).by_shares([shares[2], shares[0]]) == plain


def test_what_was_killed_half_way_is_done_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both files are there: nothing is protected, nothing is lost, and the command works when it is given again."""
    monkeypatch.setattr(locked_key, "COST", {"time": 1, "memory": 64, "lanes": 1})
    key = home.keys.vault
    protection.protect(home, "words of the first time")
    (home.keys.folder / "vault").write_text(key.hex())
    assert not home.keys.vault_locks
    assert home.keys.vault == key
    with pytest.raises(HomeError, match="is not locked"):
        protection.unprotect(home, key)
    protection.protect(home, WORDS)
    assert LockedKey.read(home.keys.folder).by_passphrase(WORDS) == key
    assert home.keys.vault_locks
