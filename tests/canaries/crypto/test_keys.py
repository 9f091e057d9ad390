"""Keys: one file a purpose, nobody else may read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaries.core.errors import HomeError
from canaries.crypto.keys import Keys


def test_every_key_is_private_and_of_its_own(tmp_path: Path) -> None:
    keys = Keys.create(tmp_path / "keys")
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    files = list((tmp_path / "keys").iterdir())
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert len({file.read_bytes() for file in files}) == len(files)
    assert keys.lookup != keys.alerts != keys.front


def test_two_installations_share_no_key(tmp_path: Path) -> None:
    first, second = Keys.create(tmp_path / "a"), Keys.create(tmp_path / "b")
    assert first.lookup != second.lookup
    assert first.vault != second.vault


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    keys = Keys.create(tmp_path / "keys")
    (tmp_path / "keys" / "vault").unlink()
    assert not keys.has("vault")
    with pytest.raises(HomeError, match="'vault' is not in"):
        _ = keys.vault


def test_keys_can_be_looked_at_before_they_are_needed(tmp_path: Path) -> None:
    keys = Keys.create(tmp_path / "keys")
    keys.check("lookup", "vault.pub")
    (tmp_path / "keys" / "vault.pub").write_text("00")
    with pytest.raises(HomeError, match=r"vault\.pub is damaged"):
        keys.check("lookup", "vault.pub")


@pytest.mark.parametrize("damage", [b"", b"zz", b"00" * 31, b"\xff\xfe"])
def test_a_damaged_key_is_refused_without_showing_it(tmp_path: Path, damage: bytes) -> None:
    keys = Keys.create(tmp_path / "keys")
    (tmp_path / "keys" / "lookup").write_bytes(damage)
    with pytest.raises(HomeError, match=r"damaged|cannot be used"):
        _ = keys.lookup
