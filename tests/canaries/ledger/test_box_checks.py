"""What is stored beside the ledger is compared with it: rows taken away, and boxes that anybody could have made."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from canaries.core import store
from canaries.core.errors import LedgerError
from canaries.installation.home import Home
from canaries.ledger.verification import verify
from canaries.mint.minting import mint

Strike = Callable[..., str]


@pytest.fixture
def filled(any_home: Home, strike: Strike) -> Home:
    """Two canaries of one entry and a third of its own; one hit on the first, one on the third."""
    first, _ = mint(any_home, "url", count=2)
    (third,) = mint(any_home, "url")
    for minted in (first, third):
        strike(any_home, minted.canary)
    return any_home


def test_untouched_boxes_agree(filled: Home) -> None:
    report = verify(filled)
    assert (report.raws, report.canaries) == (2, 3)


def first(connection: Connection, column: str = "id") -> str:
    return str(connection.execute(select(store.hit.c[column]).order_by(store.hit.c.id).limit(1)).scalar_one())


def hide_a_hit(connection: Connection, home: Home) -> None:
    connection.execute(delete(store.hit).where(store.hit.c.id == first(connection)))


def move_a_hit(connection: Connection, home: Home) -> None:
    connection.execute(update(store.hit).values(canary_id=first(connection, "canary_id")))


def exchange_facts(connection: Connection, home: Home) -> None:
    connection.execute(update(store.hit).values(derived_id=first(connection, "derived_id")))


def drop_facts(connection: Connection, home: Home) -> None:
    connection.execute(update(store.hit).values(derived_id="0" * 32))


def drop_raw(connection: Connection, home: Home) -> None:
    connection.execute(delete(store.raw).where(store.raw.c.entry_id == first(connection)))


def empty_raw(connection: Connection, home: Home) -> None:
    connection.execute(update(store.raw).values(sealed=None))


def exchange_raw(connection: Connection, home: Home) -> None:
    hit = first(connection)
    change = update(store.raw).where(store.raw.c.entry_id == hit)
    connection.execute(change.values(sealed=home.writer.seal(b"forged", hit)))


def exchange_record(connection: Connection, home: Home) -> None:
    canary = first(connection, "canary_id")
    change = update(store.canary).where(store.canary.c.id == canary)
    connection.execute(change.values(sealed=home.writer.seal(b"{}", canary)))


def empty_record(connection: Connection, home: Home) -> None:
    connection.execute(update(store.canary).values(sealed=None))


def call_it_another_kind(connection: Connection, home: Home) -> None:
    connection.execute(update(store.canary).values(kind="aws-key"))


def date_it_back(connection: Connection, home: Home) -> None:
    connection.execute(update(store.canary).values(created_at="2020-01-01T00:00:00.000000Z"))


def drop_one_of_two(connection: Connection, home: Home) -> None:
    connection.execute(delete(store.canary).where(store.canary.c.id == first(connection, "canary_id")))


def drop_all(connection: Connection, home: Home) -> None:
    connection.execute(delete(store.canary))


def deafen(connection: Connection, home: Home) -> None:
    connection.execute(delete(store.token).where(store.token.c.canary_id == first(connection, "canary_id")))


def redirect(connection: Connection, home: Home) -> None:
    connection.execute(update(store.token).values(canary_id=first(connection, "canary_id")))


ATTACKS: tuple[tuple[Callable[[Connection, Home], None], str], ...] = (
    (hide_a_hit, "in the ledger, but not among the hits"),
    (move_a_hit, "another canary_id than its entry"),
    (exchange_facts, "the facts or the incident of another"),
    (drop_facts, "derived from hit .* is missing"),
    (drop_raw, "raw bytes of hit .* are gone"),
    (empty_raw, "raw bytes of hit .* are gone"),
    (exchange_raw, "raw bytes of hit .* are not those"),
    (exchange_record, "record of canary .* is not the one"),
    (empty_record, "record of canary .* is not the one"),
    (call_it_another_kind, "is listed under another kind or date"),
    (date_it_back, "is listed under another kind or date"),
    (drop_one_of_two, "was minted, but is not among the canaries"),
    (drop_all, "was minted, but is not among the canaries"),
    (deafen, "would not be recognised"),
    (redirect, "would not be recognised"),
)
BESIDE = (store.hit, store.raw, store.canary, store.token)


def test_each_change_is_named(filled: Home) -> None:
    with filled.store.read() as connection:
        before = {table: connection.execute(select(table)).mappings().all() for table in BESIDE}
    for attack, finding in ATTACKS:
        with filled.store.write() as connection:
            attack(connection, filled)
        with pytest.raises(LedgerError, match=finding):
            verify(filled)
        with filled.store.write() as connection:  # as it was
            for table, rows in before.items():
                connection.execute(delete(table))
                connection.execute(insert(table), [dict(row) for row in rows])
    assert verify(filled).raws == 2


def test_facts_about_a_hit_that_never_was_are_named(filled: Home) -> None:
    """Their header says which incident they are of: no dossier of it would verify any more."""
    body = {"hit": "f" * 32, "incident": "f" * 16, "facts": {}, "failed": {}, "egress": []}
    with filled.store.write() as connection:
        filled.writer.record(connection, "derived", filled.now(), "listener", body)
    with pytest.raises(LedgerError, match=r"is about hit 'f+', which the ledger does not have"):
        verify(filled)


def test_erased_boxes_that_an_entry_names_are_passed_over(filled: Home) -> None:
    with filled.store.write() as connection:
        hits = list(connection.execute(select(store.hit.c.id)).scalars())
        canaries = list(connection.execute(select(store.canary.c.id)).scalars())
        connection.execute(update(store.raw).values(sealed=None))
        connection.execute(update(store.canary).values(sealed=None))
        body = {"entries": hits, "canaries": canaries, "why": "asked for"}
        filled.writer.record(connection, "erased", filled.now(), "alice", body)
    report = verify(filled)
    assert (report.raws, report.canaries) == (0, 0)
