"""`verify` names each way a ledger can contradict itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from canaries.core import store
from canaries.core.errors import LedgerError
from canaries.installation.home import Home
from canaries.ledger.entries import Entry, EntryWriter
from canaries.ledger.parts import CaseKeys
from canaries.ledger.sealer import LogSealer
from canaries.ledger.verification import verify

AT = "2026-11-22T12:00:00.000000Z"


@pytest.fixture
def sealed(home: Home) -> Home:
    """Six entries sealed, checkpoints at 3 and 6, one entry waiting."""
    sealer = LogSealer(home)
    for count in (3, 3, 1):
        sealer.seal_once()
        sealer.checkpoint()
        with home.store.write() as connection:
            for number in range(count):
                home.writer.record(connection, "noted", AT, "alice", {"n": number})
    return home


def test_an_untouched_ledger_verifies(sealed: Home) -> None:
    report = verify(sealed)
    assert (report.entries, report.unsealed, report.opened, report.erased) == (6, 1, 7, 0)
    assert (report.checkpoints, report.outside) == (2, 2)


def test_each_entry_is_visited_once_sealed_or_not(sealed: Home) -> None:
    seen: list[Entry] = []
    assert verify(sealed, seen.append).opened == len(seen) == 7
    assert [entry.body["n"] for entry in seen] == [0, 1, 2, 0, 1, 2, 0]


def test_an_entry_under_another_cases_tag_is_refused(sealed: Home) -> None:
    """Who can write to the database but has no key of the back cannot tag what is forged."""
    writer = EntryWriter(sealed.store, sealed.keys.vault_public, cases=CaseKeys(bytes(32)))
    with sealed.store.write() as connection:
        writer.record(connection, "noted", AT, "carol", {"incident": "ab" * 8, "text": "forged"})
    with pytest.raises(LedgerError, match="is tagged as one of another case"):
        verify(sealed)


def test_an_empty_ledger_verifies(home: Home) -> None:
    assert verify(home).entries == 0


def test_without_the_vault_key_the_order_is_still_checked(sealed: Home) -> None:
    (sealed.path / "keys" / "vault").unlink()
    report = verify(sealed)
    assert (report.entries, report.opened) == (6, 0)


def entry_at(connection: Connection, seq: int) -> str:
    return str(connection.execute(select(store.leaf.c.entry_id).where(store.leaf.c.seq == seq)).scalar_one())


def drop_leaf(connection: Connection) -> None:
    connection.execute(delete(store.leaf).where(store.leaf.c.seq == 2))


def drop_last_leaf(connection: Connection) -> None:
    connection.execute(delete(store.leaf).where(store.leaf.c.seq == 5))


def drop_entry(connection: Connection) -> None:
    connection.execute(delete(store.entry).where(store.entry.c.id == entry_at(connection, 2)))


def change_hash(connection: Connection) -> None:
    connection.execute(update(store.leaf).where(store.leaf.c.seq == 2).values(hash=bytes(32)))


def change_both_hashes(connection: Connection) -> None:
    connection.execute(
        update(store.entry).where(store.entry.c.id == entry_at(connection, 2)).values(hash=bytes(32))
    )
    change_hash(connection)


def swap(connection: Connection) -> None:
    for old, new in ((1, 100), (4, 1), (100, 4)):
        connection.execute(update(store.leaf).where(store.leaf.c.seq == old).values(seq=new))


def exchange_box(connection: Connection) -> None:
    entry = store.entry
    box = connection.execute(select(entry.c.sealed).where(entry.c.id == entry_at(connection, 1))).scalar_one()
    connection.execute(update(entry).where(entry.c.id == entry_at(connection, 2)).values(sealed=box))


def erase_silently(connection: Connection) -> None:
    entry = store.entry
    connection.execute(update(entry).where(entry.c.id == entry_at(connection, 2)).values(sealed=None))


def relabel(connection: Connection) -> None:
    entry = store.entry
    connection.execute(update(entry).where(entry.c.id == entry_at(connection, 2)).values(kind="hit"))


def drop_waiting(connection: Connection) -> None:
    connection.execute(delete(store.unsealed))


def add_waiting(connection: Connection) -> None:
    connection.execute(insert(store.unsealed).values(entry_id="f" * 32, hash=bytes(32)))


def change_checkpoint(connection: Connection) -> None:
    connection.execute(update(store.checkpoint).where(store.checkpoint.c.size == 3).values(note="nothing"))


def exchange_checkpoint(connection: Connection) -> None:
    table = store.checkpoint
    note = connection.execute(select(table.c.note).where(table.c.size == 6)).scalar_one()
    connection.execute(update(table).where(table.c.size == 3).values(note=note))


@pytest.mark.parametrize(
    ("attack", "finding"),
    [
        (drop_leaf, "entry 2 is missing"),
        (drop_last_leaf, "5 sealed entries, but"),
        (drop_entry, "its record is missing"),
        (change_hash, "another hash than its place"),
        (change_both_hashes, "does not match its leaf hash"),
        (swap, "entries 0 to 2 are not those"),
        (exchange_box, "does not open"),
        (erase_silently, "no \\*erased\\* entry says so"),
        (relabel, "another than the database's columns say"),
        (drop_waiting, "neither sealed nor waiting"),
        (add_waiting, "no record of its hash"),
        (change_checkpoint, "was changed"),
        (exchange_checkpoint, "is one of size 6"),
    ],
)
def test_each_change_is_named(sealed: Home, attack: Callable[[Connection], None], finding: str) -> None:
    with sealed.store.write() as connection:
        attack(connection)
    with pytest.raises(LedgerError, match=finding):
        verify(sealed)


def test_a_changed_copy_outside_is_named(sealed: Home) -> None:
    log = next((sealed.path / "checkpoints").glob("*.ndjson"))
    log.write_text(
        log.read_text("utf-8").replace('"at": "2', '"at": "3', 1).replace("\\n3\\n", "\\n2\\n"), "utf-8"
    )
    with pytest.raises(LedgerError, match="line 1 was changed"):
        verify(sealed)


def test_an_erasure_that_says_so_leaves_every_proof_valid(sealed: Home) -> None:
    with sealed.store.write() as connection:
        gone = entry_at(connection, 2)
        connection.execute(update(store.entry).where(store.entry.c.id == gone).values(sealed=None))
        sealed.writer.record(connection, "erased", AT, "alice", {"entries": [gone], "why": "asked for"})
    sealer = LogSealer(sealed)
    sealer.seal_once()
    sealer.checkpoint()
    report = verify(sealed)
    assert (report.entries, report.erased) == (8, 1)
