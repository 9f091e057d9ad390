"""What lies beside the ledger is held against it: a box that opens is not enough, anybody can make one."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import insert, select, update

from canaries import mint, store
from canaries.errors import LedgerError
from canaries.home import Home
from listener.ledger_check import verify


@pytest.fixture
def filled(home: Home) -> Home:
    """Two canaries of one entry, and one hit with its raw bytes."""
    list(mint.mint(home, "url", count=2))
    raw = b"GET / HTTP/1.1\r\n\r\n"
    with home.store.write() as connection:
        body = {"raw_sha256": hashlib.sha256(raw).hexdigest()}
        hit = home.writer.record(connection, "hit", home.now(), "listener", body)
        connection.execute(insert(store.raw).values(entry_id=hit, sealed=home.writer.seal(raw, hit)))
    return home


def test_untouched_boxes_agree(filled: Home) -> None:
    report = verify(filled)
    assert (report.raws, report.canaries) == (1, 2)


def test_exchanged_raw_bytes_are_named(filled: Home) -> None:
    with filled.store.write() as connection:
        hit = connection.execute(select(store.raw.c.entry_id)).scalar_one()
        connection.execute(update(store.raw).values(sealed=filled.writer.seal(b"forged", hit)))
    with pytest.raises(LedgerError, match=f"raw bytes of hit {hit}"):
        verify(filled)


def test_an_exchanged_record_is_named(filled: Home) -> None:
    with filled.store.write() as connection:
        canary = connection.execute(select(store.canary.c.id).limit(1)).scalar_one()
        change = update(store.canary).where(store.canary.c.id == canary)
        connection.execute(change.values(sealed=filled.writer.seal(b"{}", canary)))
    with pytest.raises(LedgerError, match=f"record of canary {canary}"):
        verify(filled)


def test_erased_boxes_are_passed_over(filled: Home) -> None:
    with filled.store.write() as connection:
        connection.execute(update(store.raw).values(sealed=None))
        connection.execute(update(store.canary).values(sealed=None))
    report = verify(filled)
    assert (report.raws, report.canaries) == (0, 0)
