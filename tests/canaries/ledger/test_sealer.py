"""The sealer: order without gaps under competition, one signature a size, and no second history."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update

from canaries.core import store
from canaries.core.errors import LedgerError
from canaries.installation.home import Home
from canaries.ledger.checkpoints import Outside, log_verifier
from canaries.ledger.merkle import Tree
from canaries.ledger.sealer import LogSealer
from canaries.ledger.signed_note import Checkpoint, open_checkpoint, sign_checkpoint
from canaries.ledger.verification import verify
from tests import steady

AT = "2026-11-22T12:00:00.000000Z"


def write(home: Home, count: int) -> list[str]:
    with home.store.write() as connection:
        return [home.writer.record(connection, "noted", AT, "alice", {"n": n}) for n in range(count)]


def leaves(home: Home) -> list[tuple[int, str, bytes]]:
    with home.store.read() as connection:
        return [tuple(row) for row in connection.execute(select(store.leaf).order_by(store.leaf.c.seq))]


def waiting(home: Home) -> int:
    with home.store.read() as connection:
        return len(connection.execute(select(store.unsealed)).all())


def test_sealing_numbers_what_waits_and_empties_the_waiting_list(home: Home) -> None:
    ids = write(home, 7)
    sealer = LogSealer(home, batch=3)
    assert sealer.seal_once() == 7
    assert [(seq, entry) for seq, entry, _ in leaves(home)] == list(enumerate(sorted(ids)))
    more = write(home, 2)
    assert (sealer.seal_once(), sealer.seal_once()) == (2, 0)
    assert {entry for _, entry, _ in leaves(home)[7:]} == set(more)
    assert waiting(home) == 0


def test_the_checkpoint_commits_to_all_that_is_sealed(home: Home) -> None:
    sealer = LogSealer(home)
    assert sealer.checkpoint() is None, "an empty log has no head to sign"
    write(home, 5)
    sealer.seal_once()
    note = sealer.checkpoint()
    assert note is not None
    checkpoint = open_checkpoint(note, log_verifier(home))
    assert (checkpoint.size, checkpoint.root) == (5, Tree(digest for _, _, digest in leaves(home)).root())


def test_each_size_is_signed_once_by_whichever_process(home: Home) -> None:
    write(home, 3)
    first, second = LogSealer(home), LogSealer(home)
    first.seal_once()
    second.seal_once()
    assert first.checkpoint() is not None
    assert first.checkpoint() is None
    assert second.checkpoint() is None
    assert LogSealer(home).checkpoint() is None
    write(home, 1)
    second.seal_once()
    assert second.checkpoint() is not None
    outside = Outside(home.path / "checkpoints", log_verifier(home))
    assert [signed.checkpoint.size for signed in outside.all()] == [3, 4]


def test_what_waits_unsealed_is_never_signed(home: Home) -> None:
    write(home, 3)
    assert LogSealer(home).checkpoint() is None


def test_a_database_put_back_to_an_older_state_stops_the_sealer(home: Home) -> None:
    write(home, 4)
    sealer = LogSealer(home)
    sealer.seal_once()
    sealer.checkpoint()
    write(home, 4)
    sealer.seal_once()
    sealer.checkpoint()
    with home.store.write() as connection:  # what a restored backup looks like
        connection.execute(delete(store.leaf).where(store.leaf.c.seq >= 4))
        connection.execute(delete(store.checkpoint).where(store.checkpoint.c.size > 4))
    write(home, 1)
    for stale in (LogSealer(home), sealer):
        with pytest.raises(LedgerError, match="holds 4 sealed entries, but 8"):
            stale.seal_once()
    with pytest.raises(LedgerError, match="4 sealed entries"):
        verify(home)
    assert waiting(home) == 1


def test_another_history_of_the_same_size_stops_the_sealer(home: Home) -> None:
    write(home, 4)
    sealer = LogSealer(home)
    sealer.seal_once()
    sealer.checkpoint()
    with home.store.write() as connection:
        connection.execute(update(store.leaf).where(store.leaf.c.seq == 2).values(hash=bytes(32)))
    with pytest.raises(LedgerError, match="first 4 entries are not those"):
        LogSealer(home).seal_once()


def test_a_gap_stops_the_sealer(home: Home) -> None:
    write(home, 4)
    LogSealer(home).seal_once()
    with home.store.write() as connection:
        connection.execute(delete(store.leaf).where(store.leaf.c.seq == 1))
    with pytest.raises(LedgerError, match="entry 1 is missing"):
        LogSealer(home).checkpoint()


def test_a_changed_copy_outside_stops_the_sealer(home: Home) -> None:
    write(home, 4)
    sealer = LogSealer(home)
    sealer.seal_once()
    sealer.checkpoint()
    latest = home.path / "checkpoints" / "latest"
    latest.write_text(latest.read_text("utf-8").replace("\n4\n", "\n3\n"), "utf-8")
    with pytest.raises(LedgerError, match="was changed"):
        LogSealer(home).seal_once()


def test_a_lost_copy_outside_is_made_again_from_the_database(home: Home) -> None:
    write(home, 4)
    sealer = LogSealer(home)
    sealer.seal_once()
    note = sealer.checkpoint()
    for path in (home.path / "checkpoints").iterdir():
        path.unlink()
    LogSealer(home).seal_once()
    assert (home.path / "checkpoints" / "latest").read_text("utf-8") == note


def test_a_crash_between_the_copy_outside_and_the_database_heals(home: Home) -> None:
    write(home, 4)
    sealer = LogSealer(home)
    sealer.seal_once()
    note = sealer.checkpoint()
    with home.store.write() as connection:
        connection.execute(delete(store.checkpoint))
    log = next((home.path / "checkpoints").glob("*.ndjson"))
    log.write_bytes(log.read_bytes() + b'{"at": "torn')
    assert LogSealer(home).checkpoint() == note
    write(home, 1)
    LogSealer(home).seal_once()
    LogSealer(home).checkpoint()
    outside = Outside(home.path / "checkpoints", log_verifier(home))
    assert [signed.checkpoint.size for signed in outside.all()] == [4, 5]
    assert verify(home).checkpoints == 2


def test_a_second_checkpoint_of_one_size_is_refused(home: Home) -> None:
    write(home, 4)
    sealer = LogSealer(home)
    sealer.seal_once()
    with home.store.write() as connection:
        note = sign_checkpoint(Checkpoint(log_verifier(home).name, 4, bytes(32)), home.keys.log)
        connection.execute(insert(store.checkpoint).values(size=4, at=AT, note=note))
    for process in (sealer, LogSealer(home)):
        with pytest.raises(LedgerError, match="not those"):
            process.checkpoint()


def test_run_seals_until_it_is_stopped_and_once_more(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", "[seal]\nseconds = 0.01\ncheckpoint_seconds = 3600\n")
    stop = threading.Event()
    runner = threading.Thread(target=LogSealer(home).run, args=(stop,))
    runner.start()
    write(home, 10)
    stop.set()
    runner.join(steady.PATIENCE)
    assert not runner.is_alive()
    assert verify(home).entries == 10
    assert (home.path / "checkpoints" / "latest").read_text("utf-8").split("\n")[1] == "10"
    home.store.close()


def test_run_signs_when_it_begins_and_whatever_is_sealed_when_it_is_stopped(tmp_path: Path) -> None:
    with Home.create(tmp_path / "home", "[seal]\nseconds = 0.01\ncheckpoint_seconds = 3600\n") as home:
        latest, stop = home.path / "checkpoints" / "latest", threading.Event()
        write(home, 3)
        runner = threading.Thread(target=LogSealer(home).run, args=(stop,))
        runner.start()
        steady.until(latest.is_file, "nothing is signed before it is stopped")
        write(home, 4)
        steady.until(lambda: waiting(home) == 0, "nothing is sealed before it is stopped")
        assert size_of(latest) < 7, "the next one is due in an hour"
        stop.set()
        runner.join(steady.PATIENCE)
        assert not runner.is_alive()
        assert size_of(latest) == 7


def size_of(checkpoint: Path) -> int:
    return int(checkpoint.read_text("utf-8").split("\n")[1])


def test_two_sealers_and_three_writers_lose_nothing(any_home: Home) -> None:
    """Writers commit late and out of order, two sealers seal and sign all the while."""
    stop, written, problems = threading.Event(), [], []

    def writer() -> None:
        for round_ in range(40):
            with any_home.store.write() as connection:
                mine = [any_home.writer.record(connection, "noted", AT, "w", {"n": round_}) for _ in range(5)]
                threading.Event().wait(0.002)
            written.extend(mine)

    def sealer() -> None:
        own = LogSealer(any_home, batch=17)
        try:
            while not stop.is_set():
                own.seal_once()
                own.checkpoint()
        except LedgerError as error:
            problems.append(error)

    _ = any_home.store, any_home.writer
    sealers = [threading.Thread(target=sealer) for _ in range(2)]
    writers = [threading.Thread(target=writer) for _ in range(3)]
    for thread in (*sealers, *writers):
        thread.start()
    for thread in writers:
        thread.join(steady.PATIENCE)
    stop.set()
    for thread in sealers:
        thread.join(steady.PATIENCE)
    last = LogSealer(any_home)
    last.seal_once()
    last.checkpoint()
    assert problems == []
    assert [seq for seq, _, _ in leaves(any_home)] == list(range(600))
    assert {entry for _, entry, _ in leaves(any_home)} == set(written)
    report = verify(any_home)
    assert (report.entries, report.unsealed, report.opened) == (600, 0, 600)
    assert report.checkpoints > 1
