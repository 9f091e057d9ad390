"""Restoring: nothing sealed before the backup is lost, the log goes on and says so, a failure leaves nothing."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from canaries.core import store
from canaries.core.errors import HomeError, LedgerError, LockedError
from canaries.installation import vault_protection as protection
from canaries.installation.home import Home
from canaries.ledger.merkle import Frontier
from canaries.ledger.sealer import LogSealer
from canaries.ledger.verification import verify
from canaries.mint import minting
from canaries.vault_lock.locked_key import LockedKey
from listener.backup import age_archive
from listener.backup.back_up import back_up
from listener.backup.restoring import rehearse, restore
from listener.dossier import verify as verifier
from listener.dossier.build import build
from tests.test_nothing_lost import Load, recorded, settle

REASON = "the disk failed"


def root_at(home: Home, size: int) -> str:
    frontier = Frontier()
    with home.store.read() as connection:
        query = select(store.leaf.c.hash).where(store.leaf.c.seq < size).order_by(store.leaf.c.seq)
        for digest in connection.execute(query).scalars():
            frontier.append(digest)
    return frontier.root().hex()


def sealed(home: Home, count: int = 1) -> None:
    for _ in range(count):
        list(minting.mint(home, "url"))
    LogSealer(home).seal_once()
    LogSealer(home).checkpoint()


def test_under_load_nothing_that_was_sealed_or_answered_before_the_backup_is_lost(
    any_home: Home,
    listen: Callable[..., Any],
    tmp_path: Path,
    recipient: str,
    identity: Path,
    lose: Callable[[Home], None],
) -> None:
    token = next(iter(minting.mint(any_home, "url"))).canary.tokens[0].value
    running = listen(any_home)
    with Load(running.http, token) as load:
        load.wait_for(20)
        before = set(load.answered)
        manifest = back_up(any_home, tmp_path / "b.age", [recipient])
        load.wait_for(20)
    running.kill()
    shutil.copytree(any_home.path / "checkpoints", tmp_path / "kept")
    lose(any_home)

    opened = age_archive.identities(identity)
    restore(tmp_path / "b.age", opened, tmp_path / "new", reason=REASON, checkpoints=[tmp_path / "kept"])
    with Home.open(tmp_path / "new") as home:
        assert root_at(home, manifest.size) == manifest.root
        again = listen(home)
        with Load(again.http, token, first=1_000_000) as load:
            load.wait_for(5)
        settle(home, len(before) + len(load.answered))
        again.stop()
        assert before | load.answered <= recorded(home).keys()
        report = verify(home)
        assert any("went on" in odd for odd in report.oddities)


def test_what_was_answered_after_the_backup_comes_back_with_the_old_journal(
    home: Home,
    listen: Callable[..., Any],
    tmp_path: Path,
    recipient: str,
    identity: Path,
    lose: Callable[[Home], None],
) -> None:
    token = next(iter(minting.mint(home, "url"))).canary.tokens[0].value
    running = listen(home)
    back_up(home, tmp_path / "b.age", [recipient])
    os.kill(running.child("back"), signal.SIGSTOP)
    with Load(running.http, token) as load:
        load.wait_for(10)
    os.kill(running.child("back"), signal.SIGKILL)
    running.kill()
    shutil.copytree(home.journal_folder, tmp_path / "journal")
    lose(home)
    opened = age_archive.identities(identity)
    restore(tmp_path / "b.age", opened, tmp_path / "new", reason=REASON, journal=tmp_path / "journal")
    with Home.open(tmp_path / "new") as new:
        again = listen(new)
        assert load.answered <= settle(new, len(load.answered)).keys()
        again.stop()
        verify(new)


def test_a_drill_keeps_nothing_and_needs_no_database_server(
    any_home: Home, tmp_path: Path, recipient: str, identity: Path
) -> None:
    sealed(any_home, 3)
    manifest = back_up(any_home, tmp_path / "b.age", [recipient])
    before = sorted(path.name for path in tmp_path.iterdir())
    found = rehearse(tmp_path / "b.age", age_archive.identities(identity))
    assert (found.ledger.entries, found.ledger.opened, found.went_on) == (3, 3, None)
    assert found.manifest["rows"] == manifest.rows
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_drill_notices_a_ledger_that_was_changed(
    home: Home, tmp_path: Path, recipient: str, identity: Path
) -> None:
    sealed(home, 3)
    with home.store.write() as connection:
        connection.execute(update(store.leaf).where(store.leaf.c.seq == 1).values(hash=bytes(32)))
    back_up(home, tmp_path / "b.age", [recipient])
    with pytest.raises(LedgerError, match="entry 1"):
        rehearse(tmp_path / "b.age", age_archive.identities(identity))


def test_a_home_that_is_not_empty_is_refused_untouched(
    home: Home, tmp_path: Path, recipient: str, identity: Path
) -> None:
    back_up(home, tmp_path / "b.age", [recipient])
    before = sorted(path.name for path in home.path.iterdir())
    with pytest.raises(HomeError, match="is not empty"):
        restore(tmp_path / "b.age", age_archive.identities(identity), home.path, reason=REASON)
    assert sorted(path.name for path in home.path.iterdir()) == before


def test_a_file_is_no_folder_for_a_home(home: Home, tmp_path: Path, recipient: str, identity: Path) -> None:
    back_up(home, tmp_path / "b.age", [recipient])
    (tmp_path / "file").write_text("taken")
    with pytest.raises(HomeError, match="is not a folder"):
        restore(tmp_path / "b.age", age_archive.identities(identity), tmp_path / "file", reason=REASON)
    assert (tmp_path / "file").read_text() == "taken"


def test_an_occupied_database_is_refused_and_nothing_is_left(
    postgres_home: Home, tmp_path: Path, recipient: str, identity: Path
) -> None:
    sealed(postgres_home)
    back_up(postgres_home, tmp_path / "b.age", [recipient])
    (tmp_path / "new").mkdir()
    with pytest.raises(Exception, match="already belongs to an installation"):
        restore(tmp_path / "b.age", age_archive.identities(identity), tmp_path / "new", reason=REASON)
    assert not list((tmp_path / "new").iterdir())


def test_a_restore_that_fails_leaves_nothing_that_looks_like_an_installation(
    home: Home, tmp_path: Path, recipient: str, identity: Path
) -> None:
    back_up(home, tmp_path / "b.age", [recipient])
    content = bytearray((tmp_path / "b.age").read_bytes())
    content[-5] ^= 1
    (tmp_path / "b.age").write_bytes(content)
    with pytest.raises(HomeError, match="does not open"):
        restore(tmp_path / "b.age", age_archive.identities(identity), tmp_path / "new", reason=REASON)
    assert not (tmp_path / "new").exists()


def test_a_key_that_was_left_out_is_asked_for_and_brought(
    home: Home, tmp_path: Path, recipient: str, identity: Path
) -> None:
    sealed(home)
    back_up(home, tmp_path / "b.age", [recipient], ["vault"])
    opened = age_archive.identities(identity)
    assert rehearse(tmp_path / "b.age", opened).ledger.opened == 0
    with pytest.raises(HomeError, match="without the keys vault"):
        restore(tmp_path / "b.age", opened, tmp_path / "new", reason=REASON)
    (tmp_path / "safe").mkdir()
    shutil.copy(home.keys.folder / "vault", tmp_path / "safe")
    found = restore(tmp_path / "b.age", opened, tmp_path / "new", reason=REASON, keys=tmp_path / "safe")
    assert found.ledger.opened == 2


def test_a_locked_vault_is_restored_locked(
    home: Home, tmp_path: Path, recipient: str, identity: Path
) -> None:
    sealed(home)
    shares = protection.share_out(home, 2, 2, None)
    back_up(home, tmp_path / "b.age", [recipient])
    opened = age_archive.identities(identity)
    with pytest.raises(LockedError):
        restore(tmp_path / "b.age", opened, tmp_path / "new", reason=REASON)
    assert not (tmp_path / "new").exists()
    found = restore(
        tmp_path / "b.age",
        opened,
        tmp_path / "new",
        reason=REASON,
        unlock=lambda folder: LockedKey.read(folder).by_shares(shares),
    )
    assert found.ledger.opened > 2
    with Home.open(tmp_path / "new") as new:
        assert new.keys.vault_locks
        assert not new.keys.has("vault")


def test_the_journal_goes_where_the_settings_say(tmp_path: Path, recipient: str, identity: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with Home.create(tmp_path / "home", f'[journal]\nfolder = "{folder}"\n') as home:
        (folder / "1.torn").write_bytes(b"kept")
        (home.path / "readers").mkdir()
        (home.path / "readers" / "one.json").write_bytes(b"{}")
        back_up(home, tmp_path / "b.age", [recipient])
    shutil.rmtree(folder)
    restore(tmp_path / "b.age", age_archive.identities(identity), tmp_path / "new", reason=REASON)
    assert (folder / "1.torn").read_bytes() == b"kept"
    assert (tmp_path / "new" / "readers" / "one.json").read_bytes() == b"{}"


@pytest.mark.parametrize("name", ["../evil", "/evil", "keys/../../evil", "journal/a/b", "strange/x", "keys"])
def test_an_archive_with_other_names_is_refused(
    home: Home, tmp_path: Path, recipient: str, identity: Path, name: str
) -> None:
    with (
        (tmp_path / "b.age").open("wb") as file,
        age_archive.writing(file, [age_archive.recipient(recipient)]) as tar,
    ):
        age_archive.add(tar, name, b"x")
    with pytest.raises((HomeError, OSError)):
        restore(tmp_path / "b.age", age_archive.identities(identity), tmp_path / "new", reason=REASON)
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "evil").exists()


def test_a_dossier_says_it_and_explains_a_checkpoint_of_what_was_lost(
    home: Home,
    tmp_path: Path,
    recipient: str,
    identity: Path,
    strike: Callable[..., str],
) -> None:
    canary = next(iter(minting.mint(home, "url"))).canary
    sealed(home)
    back_up(home, tmp_path / "b.age", [recipient])
    sealed(home, 3)
    mail = tmp_path / "mail.txt"
    shutil.copy(home.path / "checkpoints" / "latest", mail)
    opened = age_archive.identities(identity)
    restore(tmp_path / "b.age", opened, tmp_path / "new", reason=REASON, checkpoints=[mail])
    with Home.open(tmp_path / "new") as new:
        strike(new, canary)
        sealed(new, 6)
        build(new, canary=canary.id, out=tmp_path / "case.zip")
    said: list[str] = []
    verifier.verify(tmp_path / "case.zip", checkpoints=[str(mail)], say=lambda line: said.append(str(line)))
    assert any("1 checkpoint you brought is of entries that were lost" in line for line in said)
    assert any("the log went on at" in line for line in said)
