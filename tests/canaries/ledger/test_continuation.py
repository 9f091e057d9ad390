"""Going on after a restore: by an operator's act that is itself an entry, and never in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from canaries.core import store
from canaries.core.errors import HomeError, LedgerError
from canaries.installation.home import Home
from canaries.ledger.checkpoints import Outside, Signed, log_verifier, read_checkpoint
from canaries.ledger.continuation import KIND, continue_log
from canaries.ledger.entries import Entry, draft
from canaries.ledger.sealer import LogSealer
from canaries.ledger.signed_note import Checkpoint, sign_checkpoint
from canaries.ledger.verification import verify
from tests.operators import acting, enrol

AT = "2026-11-22T12:00:00.000000Z"


def grow(home: Home, count: int) -> None:
    """``count`` entries, each under a checkpoint of its own."""
    sealer = LogSealer(home)
    for number in range(count):
        with home.store.write() as connection:
            home.writer.record(connection, "noted", AT, "alice", {"n": number})
        sealer.seal_once()
        sealer.checkpoint()


def put_back(home: Home, size: int) -> None:
    """The database as it was when the log had ``size`` entries."""
    leaf, entry = store.leaf, store.entry
    with home.store.write() as connection:
        gone = select(leaf.c.entry_id).where(leaf.c.seq >= size).scalar_subquery()
        connection.execute(delete(entry).where(entry.c.id.in_(gone)))
        connection.execute(delete(leaf).where(leaf.c.seq >= size))
        connection.execute(delete(store.checkpoint).where(store.checkpoint.c.size > size))


def go_on(home: Home, kept: tuple[Signed, ...] = ()) -> Entry:
    return continue_log(
        home,
        home.writer,
        lambda kind, body: draft(kind, home.now(), "alice", body),
        "the disk was lost",
        kept,
    )


def outside(home: Home) -> Outside:
    return Outside(home.path / "checkpoints", log_verifier(home))


def test_a_log_that_was_put_back_goes_on_by_an_entry_that_says_what_is_lost(any_home: Home) -> None:
    grow(any_home, 5)
    newest = outside(any_home).latest()
    put_back(any_home, 3)
    with pytest.raises(LedgerError, match="holds 3 sealed entries, but 5"):
        LogSealer(any_home).seal_once()
    entry = go_on(any_home)
    assert newest is not None
    assert (entry.seq, entry.body["size"]) == (3, 3)
    assert entry.body["known"] == {"size": 5, "root": newest.checkpoint.root.hex()}
    grow(any_home, 4)  # past the size of the lost one
    report = verify(any_home)
    assert report.entries == 8
    assert [odd for odd in report.oddities if "entries 3 to 4 of before are lost (the disk was lost)" in odd]


def test_it_stands_at_the_end_of_what_was_sealed_before_what_waits(home: Home) -> None:
    grow(home, 2)
    with home.store.write() as connection:
        waiting = home.writer.record(connection, "noted", AT, "alice", {})
    go_on(home)
    LogSealer(home).seal_once()
    with home.store.read() as connection:
        kinds = connection.execute(
            select(store.entry.c.kind, store.entry.c.id)
            .join(store.leaf, store.leaf.c.entry_id == store.entry.c.id)
            .order_by(store.leaf.c.seq)
        ).all()
    assert [row.kind for row in kinds] == ["noted", "noted", KIND, "noted"]
    assert kinds[3].id == waiting


def test_a_checkpoint_that_was_not_named_still_contradicts(home: Home, tmp_path: Path) -> None:
    """Whoever goes on names the largest one known: one beyond it shows that more was lost, or hidden."""
    grow(home, 4)
    (home.path / "checkpoints").rename(tmp_path / "elsewhere")
    kept = list(Outside(tmp_path / "elsewhere", log_verifier(home)).all())
    put_back(home, 2)
    go_on(home, kept=(kept[2],))  # of size 3
    grow(home, 3)
    verify(home, kept=kept[:3])
    with pytest.raises(LedgerError, match="entries 0 to 3 are not those"):
        verify(home, kept=kept)


def test_the_largest_one_named_must_have_the_root_that_was_named(home: Home) -> None:
    grow(home, 4)
    put_back(home, 2)
    go_on(home)
    checkpoint = Checkpoint(log_verifier(home).name, 4, bytes(32))
    note = sign_checkpoint(checkpoint, home.keys.log)
    grow(home, 3)
    with pytest.raises(LedgerError, match="are not those"):
        verify(home, kept=[Signed(checkpoint, note, "", "a mail")])


def test_without_the_act_a_database_that_is_behind_is_refused_as_before(home: Home) -> None:
    grow(home, 4)
    put_back(home, 2)
    with pytest.raises(LedgerError, match="holds 2 sealed entries"):
        verify(home)


def test_another_history_cannot_be_gone_on_with(home: Home) -> None:
    """The act explains what is missing at the end, never what was changed before it."""
    grow(home, 4)
    put_back(home, 2)
    with home.store.write() as connection:
        connection.execute(update(store.leaf).where(store.leaf.c.seq == 1).values(hash=bytes(32)))
    with pytest.raises(LedgerError, match="first 2 entries are not those"):
        go_on(home)
    with home.store.read() as connection:
        assert not list(home.reader.entries(connection, KIND))


def test_a_log_is_put_back_twice_also_behind_the_first_time(home: Home) -> None:
    grow(home, 6)
    put_back(home, 4)
    go_on(home)
    grow(home, 3)
    put_back(home, 6)
    go_on(home)
    grow(home, 3)
    put_back(home, 3)  # a backup older than the first act
    go_on(home)
    grow(home, 9)
    assert verify(home).entries == 13


def test_the_entry_claims_its_own_place_only(home: Home) -> None:
    grow(home, 2)
    with home.store.write() as connection:
        body = {"what": "restore", "size": 1, "root": "", "known": {"size": 99, "root": "0"}, "reason": ""}
        home.writer.record(connection, KIND, AT, "mallory", body)
    LogSealer(home).seal_once()
    with pytest.raises(LedgerError, match="the entry at 2 says that the log went on at 1"):
        verify(home)


def test_the_outside_copy_goes_on_also_where_its_latest_is_missing(home: Home) -> None:
    grow(home, 5)
    put_back(home, 2)
    go_on(home)
    (home.path / "checkpoints" / "latest").unlink()
    grow(home, 1)
    assert verify(home).entries == 4


def test_a_checkpoint_out_of_a_mail_is_kept_outside_again(home: Home, tmp_path: Path) -> None:
    grow(home, 3)
    newest = outside(home).latest()
    assert newest is not None
    mail = tmp_path / "mail.txt"
    mail.write_text(newest.note)
    for path in (home.path / "checkpoints").iterdir():
        path.unlink()
    put_back(home, 1)
    go_on(home, (read_checkpoint(home, mail),))
    assert [item.checkpoint.size for item in outside(home).all()] == [3, 2]
    verify(home)


def test_an_operator_with_a_key_signs_it_and_without_it_nobody_believes_it(home: Home) -> None:
    grow(home, 5)
    enrol(home, "alice")
    LogSealer(home).seal_once()
    LogSealer(home).checkpoint()
    put_back(home, 6)
    grow(home, 1)
    put_back(home, 6)
    with acting(home, "alice", signs=False), pytest.raises(HomeError, match="no key is given"):
        continue_log(home, home.writer, home.act, "the disk was lost")
    with acting(home, "alice"):
        entry = continue_log(home, home.writer, home.act, "the disk was lost")
    assert entry.by == "alice"
    with home.store.read() as connection:
        assert b'"signed"' in home.reader.fetch(connection, [entry.id])[entry.id].line
    assert verify(home).forged == ()
    grow(home, 1)
    put_back(home, 7)
    go_on(home)
    with pytest.raises(LedgerError, match=r"sealed entries, but .* signed|are not those that") as caught:
        verify(home)
    assert "not signed by the operator" in str(caught.value.hint)
