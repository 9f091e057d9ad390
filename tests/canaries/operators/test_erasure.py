"""Erasing one record: content goes, proofs stay, and what is gone without two operators is tampering."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from canaries.core import store
from canaries.core.errors import LedgerError, NotFoundError, TraplineError
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from canaries.ledger.verification import verify
from canaries.mint import minting
from canaries.operators import erasure
from listener.incidents import operator_acts, queries
from tests.operators import acting, approve, enrol

REASON = "request of the person concerned"


@pytest.fixture
def hit(home: Home, strike: Callable[..., str]) -> str:
    (minted,) = minting.mint(home, "url")
    made = strike(home, minted.canary)
    LogSealer(home).seal_once()
    LogSealer(home).checkpoint()
    return made


def gone(home: Home, hit: str) -> bool:
    with home.store.read() as connection:
        entry = connection.scalar(select(store.entry.c.sealed).where(store.entry.c.id == hit))
        raw = connection.scalar(select(store.raw.c.sealed).where(store.raw.c.entry_id == hit))
    return entry is None and raw is None


def test_one_operator_erases_at_once_where_there_is_no_second(home: Home, hit: str) -> None:
    assert not erasure.erase(home, hit, REASON)
    assert gone(home, hit)
    report = verify(home)
    assert report.erased == 2  # the hit and its facts
    assert list(queries.hits(home)) == []


def test_raw_bytes_alone_can_go(home: Home, hit: str) -> None:
    erasure.erase(home, hit, REASON, raw_only=True)
    assert queries.raw(home, hit) is None
    assert [one.id for one in queries.hits(home)] == [hit]
    assert verify(home).raws == 0


def test_where_there_are_two_nothing_goes_before_the_second_signs(home: Home, hit: str) -> None:
    enrol(home, "alice", "bob")
    with acting(home, "alice"):
        proposal = erasure.erase(home, hit, REASON)
        assert not gone(home, hit)
    with acting(home, "bob"):
        approve(home, proposal)
    assert gone(home, hit)
    assert (verify(home).erased, verify(home).forged) == (2, ())


def test_an_erasure_by_one_of_two_is_tampering(home: Home, hit: str) -> None:
    enrol(home, "alice", "bob")
    with acting(home, "alice"):
        body = erasure._body(home, hit, raw_only=False) | {"reason": REASON}
        said = home.act("erased", body)
    with home.store.write() as connection:
        erasure.carry_out(home, connection, said, body)
    with pytest.raises(LedgerError, match=r"no \*erased\* entry says so"):
        verify(home)


def test_absence_without_its_entry_is_tampering(home: Home, hit: str) -> None:
    with home.store.write() as connection:
        connection.execute(update(store.entry).where(store.entry.c.id == hit).values(sealed=None))
    with pytest.raises(LedgerError, match=r"no \*erased\* entry says so"):
        verify(home)


def test_a_note_can_be_erased(home: Home, hit: str) -> None:
    incident = next(iter(queries.hits(home))).incident
    note = operator_acts.note(home, incident, "a name that should not stand here")
    erasure.erase(home, note, REASON)
    assert queries.incident(home, incident).notes == ()
    assert verify(home).erased == 1


@pytest.mark.parametrize(("name", "reason"), [("00", REASON), ("hit", " "), ("minted", REASON)])
def test_what_is_not_erased(home: Home, hit: str, name: str, reason: str) -> None:
    with home.store.read() as connection:
        minted = connection.scalar(select(store.entry.c.id).where(store.entry.c.kind == "minted"))
    with pytest.raises(TraplineError):
        erasure.erase(home, {"hit": hit, "minted": minted or ""}.get(name, name), reason)
    assert not gone(home, hit)


def test_what_is_gone_is_not_erased_twice(home: Home, hit: str) -> None:
    erasure.erase(home, hit, REASON)
    with pytest.raises(NotFoundError):
        erasure.erase(home, hit, REASON)
