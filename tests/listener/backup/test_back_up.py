"""Backups: complete, whole or not at all, and an entry."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from canaries.core.errors import HomeError
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from canaries.mint import minting
from listener.backup.back_up import back_up
from listener.incidents.source_hash import KEY, Sources
from listener.journal.journal import Journal
from tests.listener.backup.test_age_archive import read as members
from tests.listener.journal.test_journal import sighting


def test_it_holds_everything_that_makes_an_installation(
    home: Home, tmp_path: Path, recipient: str, identity: Path
) -> None:
    list(minting.mint(home, "url"))
    LogSealer(home).seal_once()
    LogSealer(home).checkpoint()
    (home.path / "data").mkdir(exist_ok=True)
    (home.path / "data" / "big.mmdb").write_bytes(b"x")
    home.authority()
    for folder in ("sensors", "readers", "filters"):
        (home.path / folder).mkdir()
        (home.path / folder / "one").write_bytes(folder.encode())
    manifest = back_up(home, tmp_path / "b.age", [recipient])
    found = members(tmp_path / "b.age", identity)
    keys = {f"keys/{path.name}" for path in home.keys.folder.iterdir()}
    assert keys | {"trapline.toml", "home.id", "trapline.db", "checkpoints/latest"} < found.keys()
    assert found["keys/vault"] == (home.keys.folder / "vault").read_bytes()
    assert json.loads(found["manifest.json"])["size"] == manifest.size == 1
    assert (found["sensors/one"], found["readers/one"]) == (b"sensors", b"readers")
    assert manifest.data == ("big.mmdb", "shipped")
    assert not list(home.path.glob(".backup-*"))


def test_of_a_segment_in_the_making_it_has_the_whole_frames(
    home: Home, tmp_path: Path, recipient: str, identity: Path
) -> None:
    async def scene() -> tuple[str, bytes]:
        journal = Journal(home.journal_folder, home.keys.journal_public)
        await journal.append(sighting(1))
        (path,) = home.journal_folder.iterdir()
        whole = path.read_bytes()
        with path.open("ab") as file:
            file.write(b"\0\0\1\0half a frame")
        back_up(home, tmp_path / "b.age", [recipient])
        await journal.close()
        return path.name, whole

    name, whole = asyncio.run(scene())
    assert members(tmp_path / "b.age", identity)[f"journal/{name}"] == whole


def test_the_key_of_source_tags_is_never_in_it(
    home: Home, tmp_path: Path, recipient: str, identity: Path
) -> None:
    Sources(home.keys.folder)
    back_up(home, tmp_path / "b.age", [recipient])
    assert (home.keys.folder / KEY).is_file()
    assert f"keys/{KEY}" not in members(tmp_path / "b.age", identity)


def test_keys_that_are_left_out_are_named(home: Home, tmp_path: Path, recipient: str, identity: Path) -> None:
    manifest = back_up(home, tmp_path / "b.age", [recipient], ["vault"])
    assert manifest.without == ("vault",)
    found = members(tmp_path / "b.age", identity)
    assert "keys/vault" not in found
    assert "keys/vault.pub" in found
    with pytest.raises(HomeError, match="no key called 'vaullt'"):
        back_up(home, tmp_path / "c.age", [recipient], ["vaullt"])


def test_it_is_an_entry(home: Home, tmp_path: Path, recipient: str) -> None:
    back_up(home, tmp_path / "b.age", [recipient])
    with home.store.read() as connection:
        (entry,) = home.reader.entries(connection, "backed-up")
    assert entry.body["recipients"] == [recipient]


def test_an_existing_file_is_not_replaced(home: Home, tmp_path: Path, recipient: str) -> None:
    (tmp_path / "b.age").write_text("precious")
    with pytest.raises(HomeError, match="exists already"):
        back_up(home, tmp_path / "b.age", [recipient])
    assert (tmp_path / "b.age").read_text() == "precious"


def test_one_that_fails_leaves_nothing(home: Home, tmp_path: Path, recipient: str) -> None:
    with pytest.raises(OSError, match="No such file"):
        back_up(home, tmp_path / "missing" / "b.age", [recipient])
    assert not list(home.path.glob(".backup-*"))
    with home.store.read() as connection:
        assert not list(home.reader.entries(connection, "backed-up"))
