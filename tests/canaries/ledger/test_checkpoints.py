"""The copies outside the database: on disk, growing only, and believed only where signed."""

from __future__ import annotations

import fcntl
import os
import stat
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from canaries.core.errors import LedgerError
from canaries.installation.home import Home
from canaries.ledger.checkpoints import Outside, read_checkpoint
from canaries.ledger.signed_note import Checkpoint, sign_checkpoint, verifier
from tests import steady

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
LOG = verifier("log.example/one", KEY)
DAY, NEXT = "2026-11-22T23:59:59.000000Z", "2026-11-23T00:00:01.000000Z"


def put(outside: Outside, size: int, at: str = DAY, root: bytes = bytes(32)) -> str:
    checkpoint = Checkpoint(LOG.name, size, root)
    note = sign_checkpoint(checkpoint, KEY)
    outside.put(checkpoint, note, at)
    return note


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints"


def test_what_is_put_is_found_by_day_and_as_the_latest(folder: Path) -> None:
    outside = Outside(folder, LOG)
    assert outside.latest() is None
    notes = [put(outside, 1), put(outside, 5), put(outside, 9, NEXT)]
    assert [(found.note, found.at) for found in outside.all()] == list(
        zip(notes, (DAY, DAY, NEXT), strict=True)
    )
    latest = outside.latest()
    assert latest is not None
    assert (latest.note, latest.checkpoint.size) == (notes[-1], 9)
    assert sorted(path.name for path in folder.glob("2026*")) == ["2026-11-22.ndjson", "2026-11-23.ndjson"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_it_only_grows(folder: Path) -> None:
    outside = Outside(folder, LOG)
    put(outside, 5)
    put(outside, 5)
    for size, root in ((4, bytes(32)), (5, bytes(range(32)))):
        with pytest.raises(LedgerError, match="size 5 was signed before"):
            put(outside, size, root=root)
    assert len(list(outside.all())) == 1


def test_two_writers_take_turns(folder: Path) -> None:
    outside = Outside(folder, LOG)
    put(outside, 1)
    with (folder / "lock").open("r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        second = threading.Thread(target=put, args=(outside, 2))
        second.start()
        steady.until(lambda: f"-> FLOCK  ADVISORY  WRITE {os.getpid()} " in locks() or not second.is_alive())
        assert second.is_alive(), "it did not wait"
        assert len(list(outside.all())) == 1
    second.join()
    assert [found.checkpoint.size for found in outside.all()] == [1, 2]


def locks() -> str:
    """Who holds and who waits for which lock (proc(5))."""
    return Path("/proc/locks").read_text()


def test_without_the_latest_the_largest_of_the_days_counts(folder: Path) -> None:
    outside = Outside(folder, LOG)
    put(outside, 5)
    put(outside, 9, NEXT)
    (folder / "latest").unlink()
    latest = outside.latest()
    assert latest is not None
    assert latest.checkpoint.size == 9


def test_a_line_torn_by_a_crash_is_cut_off_and_a_changed_one_is_named(folder: Path) -> None:
    outside = Outside(folder, LOG)
    put(outside, 5)
    log = folder / "2026-11-22.ndjson"
    whole = log.read_bytes()
    log.write_bytes(whole + whole[: len(whole) // 2])
    assert [found.checkpoint.size for found in outside.all()] == [5]
    put(outside, 6)
    assert [found.checkpoint.size for found in outside.all()] == [5, 6]
    log.write_bytes(log.read_bytes().replace(b"\\n6\\n", b"\\n7\\n"))
    with pytest.raises(LedgerError, match="line 2 was changed"):
        list(outside.all())
    log.write_bytes(b"[]\n")
    with pytest.raises(LedgerError, match="line 1 is unreadable"):
        list(outside.all())


def test_another_key_is_not_believed(folder: Path) -> None:
    put(Outside(folder, LOG), 5)
    stranger = verifier(LOG.name, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    with pytest.raises(LedgerError, match="was changed"):
        Outside(folder, stranger).latest()


def test_going_on_makes_the_folder_that_was_lost(folder: Path) -> None:
    outside = Outside(folder, LOG)
    checkpoint = Checkpoint(LOG.name, 3, bytes(32))
    outside.go_on(checkpoint, sign_checkpoint(checkpoint, KEY), DAY)
    latest = outside.latest()
    assert latest is not None
    assert latest.checkpoint.size == 3


def test_a_file_that_cannot_be_read_is_no_checkpoint(home: Home, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="nowhere cannot be read: No such file or directory"):
        read_checkpoint(home, tmp_path / "nowhere")
    with pytest.raises(LedgerError, match="cannot be read: Is a directory"):
        read_checkpoint(home, tmp_path)
