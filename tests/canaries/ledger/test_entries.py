"""Entries: canonical lines, boxes only the vault opens, hashes that commit to exact bytes."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from sqlalchemy import select, update

from canaries.core import store
from canaries.core.errors import LedgerError
from canaries.installation.home import Home
from canaries.ledger import entries
from canaries.ledger.entries import KINDS, EntryReader, canonical, draft, new_id
from canaries.ledger.parts import columns

AT = "2026-11-22T12:00:00.000000Z"


def test_two_entries_of_equal_content_have_fresh_nonces() -> None:
    first, second = (draft("noted", AT, "älice", {"z": 1, "a": ["ü", True]}) for _ in range(2))
    assert first.nonce != second.nonce, "without a nonce the hash of a guessable record can be guessed"
    assert len(first.nonce) == 16
    head, z, a, by = (json.loads(part) for part in first.parts)
    assert (z, a, by) == ({"z": 1}, {"a": ["ü", True]}, {"by": "älice"})
    expected = {"v": 2, "entry": "noted", "id": first.id, "at": AT, "body": {}, "parts": ["z", "a", "by"]}
    assert head == expected


def test_equal_values_have_one_spelling() -> None:
    assert (
        canonical({"b": 1, "a": {"d": 2, "c": 3}})
        == canonical({"a": {"c": 3, "d": 2}, "b": 1})
        == b'{"a":{"c":3,"d":2},"b":1}'
    )


def test_a_mistyped_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="hitt"):
        draft("hitt", AT, "alice", {})  # type: ignore[arg-type]
    assert "hit" in KINDS


def test_ids_are_uuids_of_version_7_in_ascending_order() -> None:
    ids = [new_id() for _ in range(5000)]
    assert ids == sorted(set(ids))
    assert {UUID(one).version for one in ids} == {7}


def test_the_last_id_of_a_millisecond_is_followed_by_one_of_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    moment, last = 1 << 47, (1 << 74) - 1
    for tail in (last - 1, last):
        monkeypatch.setattr(entries, "_last", (moment, tail))
        first, second = new_id(), new_id()
        assert int(first, 16) >> 80 in (moment, moment + 1)
        assert first > f"{moment << 80 | 0x7 << 76 | 0xFFF << 64 | 0b10 << 62 | (1 << 62) - 2:032x}"
        assert second > first


def test_no_two_entries_of_a_batch_share_a_nonce(home: Home) -> None:
    """Whoever knows the nonce of one disclosed entry could else guess the records of all its neighbours."""
    with home.store.write() as connection:
        home.writer.append(connection, [("noted", new_id(), AT, "alice", {"same": 1}) for _ in range(20)])
    with home.store.read() as connection:
        nonces = {columns(entry.line)[3] for entry in home.reader.entries(connection)}
    assert len(nonces) == 20


def test_what_is_appended_can_be_read_again(home: Home) -> None:
    with home.store.write() as connection:
        first = home.writer.record(connection, "noted", AT, "alice", {"text": "one"})
        second = home.writer.record(connection, "setting", AT, "bob", {"text": "two"})
    with home.store.read() as connection:
        assert [entry.id for entry in home.reader.entries(connection)] == sorted([first, second])
        [found] = home.reader.entries(connection, "setting")
        fetched = home.reader.fetch(connection, [first, "0" * 32])
        digest = connection.execute(
            select(store.unsealed.c.hash).where(store.unsealed.c.entry_id == first)
        ).scalar_one()
    assert (found.id, found.kind, found.at, found.by, found.body, found.seq) == (
        second,
        "setting",
        AT,
        "bob",
        {"text": "two"},
        None,
    )
    assert list(fetched) == [first]
    assert fetched[first].leaf == digest


def test_nothing_is_kept_of_a_transaction_that_failed(home: Home) -> None:
    def interrupted() -> None:
        with home.store.write() as connection:
            home.writer.record(connection, "noted", AT, "alice", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    with home.store.read() as connection:
        assert list(home.reader.entries(connection)) == []


def test_the_database_holds_no_word_of_an_entry(home: Home) -> None:
    with home.store.write() as connection:
        home.writer.record(connection, "noted", AT, "alice", {"text": "nobody reads this word: Quendelweg"})
    with home.store.read() as connection:
        [row] = connection.execute(select(store.entry)).all()
    assert not any(
        b"Quendelweg" in bytes(str(value), "utf-8") or b"alice" in bytes(str(value), "utf-8") for value in row
    )
    assert b"Quendelweg" not in row.sealed


def test_a_changed_box_a_swapped_box_and_another_key_are_noticed(home: Home) -> None:
    with home.store.write() as connection:
        ids = [home.writer.record(connection, "noted", AT, "alice", {"n": n}) for n in (1, 2)]
    with home.store.read() as connection:
        rows = {row.id: row for row in connection.execute(select(store.entry))}
    one, two = (rows[value] for value in ids)
    with pytest.raises(LedgerError, match="does not open"):
        home.reader.entry(one.id, one.sealed[:-1] + bytes([one.sealed[-1] ^ 1]), one.hash)
    with pytest.raises(LedgerError, match="does not open"):
        home.reader.entry(one.id, two.sealed, two.hash)
    with pytest.raises(LedgerError, match="leaf hash"):
        home.reader.entry(one.id, one.sealed, two.hash)
    with pytest.raises(LedgerError, match="does not open"):
        EntryReader(bytes(range(32))).entry(one.id, one.sealed, one.hash)


def test_erased_entries_are_passed_over(home: Home) -> None:
    with home.store.write() as connection:
        gone, kept = (home.writer.record(connection, "noted", AT, "alice", {}) for _ in range(2))
        connection.execute(update(store.entry).where(store.entry.c.id == gone).values(sealed=None))
    with home.store.read() as connection:
        assert [entry.id for entry in home.reader.entries(connection)] == [kept]
        assert list(home.reader.fetch(connection, [gone, kept])) == [kept]
