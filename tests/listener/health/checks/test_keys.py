"""The check of the key files."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from canaries.installation import vault_protection as protection
from canaries.installation.home import Home
from canaries.protocols import ca
from listener.health.checks.keys import _NEEDED, KeysCheck
from tests.listener.health.looking import failures, notes


def test_well(look: Any) -> None:
    assert not failures(look(KeysCheck))


@pytest.mark.parametrize("name", _NEEDED)
def test_o9_a_missing_key_is_named(home: Home, look: Any, name: str) -> None:
    (home.keys.folder / name).unlink()
    assert f"the key '{name}' is not in" in failures(look(KeysCheck))


@pytest.mark.parametrize("name", _NEEDED)
def test_a_damaged_key_is_named(home: Home, look: Any, name: str) -> None:
    (home.keys.folder / name).write_text("abc123")
    assert f"keys/{name} is damaged" in failures(look(KeysCheck))


@pytest.mark.parametrize("name", ["vault", "lookup", "log", "alerts", "journal", "front"])
def test_newcomer_f16_a_key_that_others_read(home: Home, look: Any, name: str) -> None:
    (home.keys.folder / name).chmod(0o644)
    assert f"keys/{name} can be read by others (mode 644)" in failures(look(KeysCheck))


@pytest.mark.parametrize("name", ["journal", "vault"])
def test_halves_of_different_pairs(home: Home, look: Any, name: str, tmp_path: Any) -> None:
    other = Home.create(tmp_path / "other", "")
    other.store.close()
    shutil.copyfile(other.keys.folder / f"{name}.pub", home.keys.folder / f"{name}.pub")
    assert f"keys/{name} and keys/{name}.pub are no pair" in failures(look(KeysCheck))


def test_the_folder_is_gone_or_open_to_others(home: Home, look: Any) -> None:
    home.keys.folder.chmod(0o755)
    assert "mode 755" in failures(look(KeysCheck))
    shutil.rmtree(home.keys.folder)
    assert "is gone" in failures(look(KeysCheck))


def test_a_vault_key_kept_elsewhere_is_no_failure(home: Home, look: Any) -> None:
    (home.keys.folder / "vault").unlink()
    parts = look(KeysCheck)
    assert not failures(parts)
    assert "key vault: not here" in notes(parts)


def test_a_locked_vault_is_a_note(home: Home, look: Any) -> None:
    key = home.keys.vault
    protection.share_out(home, 2, 2, None)
    assert not failures(look(KeysCheck))
    assert "trapline vault unlock" in notes(look(KeysCheck))
    protection.unlock(home, key, 600)
    try:
        assert "unlocked until" in notes(look(KeysCheck))
    finally:
        protection.lock(home)


@pytest.mark.parametrize("name", ["ca", "ca.pem"])
@pytest.mark.parametrize("damage", ["emptied", "another's"])
def test_an_authority_that_bait_relies_on_is_whole_and_a_pair(
    home: Home, look: Any, name: str, damage: str, tmp_path: Any
) -> None:
    ca.ensure(home.keys.folder, b"a" * 32, home.clock.now())
    assert not failures(look(KeysCheck))
    (tmp_path / "other").mkdir()
    ca.ensure(tmp_path / "other", b"b" * 32, home.clock.now())
    content = b"" if damage == "emptied" else (tmp_path / "other" / name).read_bytes()
    (home.keys.folder / name).write_bytes(content)
    assert "key ca: " in failures(look(KeysCheck))


def test_an_authority_without_its_key_is_named(home: Home, look: Any) -> None:
    ca.ensure(home.keys.folder, b"a" * 32, home.clock.now())
    (home.keys.folder / "ca").unlink()
    assert "restore ca and ca.pem" in str(look(KeysCheck))
