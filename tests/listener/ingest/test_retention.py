"""Retention: what is old enough goes with an entry; the ledger verifies, and so does a dossier."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from canaries.core import store
from canaries.core.clock import FixedClock
from canaries.core.errors import HomeError, SettingsError
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from canaries.ledger.verification import verify
from canaries.mint import minting
from listener.dossier import verify as verifier
from listener.dossier.build import build
from listener.ingest import retention
from tests.operators import acting, approve, enrol

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOML = '[retention]\nraw_days = 365\nkinds = ["url=30", "openai-key=0"]\n'
OLD, RECENT = "2026-10-01T12:00:00.000000Z", "2026-11-20T12:00:00.000000Z"

Strike = Callable[..., str]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.create(tmp_path / "home", TOML, FixedClock(NOW))


def kept(home: Home) -> set[str]:
    with home.store.read() as connection:
        query = select(store.raw.c.entry_id).where(store.raw.c.sealed.is_not(None))
        return set(connection.execute(query).scalars())


def struck(home: Home, strike: Strike, kind: str, *, ip: str, at: str) -> tuple[str, str]:
    canary = next(iter(minting.mint(home, kind))).canary
    return strike(home, canary, ip=ip, at=at), canary.id


def test_raw_bytes_go_by_the_term_of_their_kind(home: Home, strike: Strike) -> None:
    gone, canary = struck(home, strike, "url", ip="192.0.2.1", at=OLD)
    recent, _ = struck(home, strike, "url", ip="192.0.2.2", at=RECENT)
    other, _ = struck(home, strike, "github-token", ip="192.0.2.3", at=OLD)
    forever, _ = struck(home, strike, "openai-key", ip="192.0.2.4", at="2020-01-01T12:00:00.000000Z")
    assert [(one.kind, one.days, one.hits) for one in retention.due(home)] == [("url", 30, (gone,))]
    assert kept(home) == {gone, recent, other, forever}
    retention.apply(home, "alice")
    assert kept(home) == {recent, other, forever}
    assert retention.apply(home, "alice") == []
    with home.store.read() as connection:
        (entry,) = home.reader.entries(connection, "erased")
    assert (entry.by, entry.body["entries"], entry.body["canary"]) == ("alice", [gone], canary)
    assert "30 days" in entry.body["reason"]


def test_each_entry_is_of_one_canary_so_that_its_header_says_of_which(home: Home, strike: Strike) -> None:
    one, two = (found.canary for found in minting.mint(home, "url", count=2))
    for canary in (one, two, one):
        strike(home, canary, ip="192.0.2.1", at=OLD)
    assert len({found.incident for found in retention.due(home)}) == 1
    retention.apply(home, "alice")
    with home.store.read() as connection:
        erased = list(home.reader.entries(connection, "erased"))
    assert {(entry.body["canary"], len(entry.body["entries"])) for entry in erased} == {
        (one.id, 2),
        (two.id, 1),
    }
    assert all(entry.header and entry.header.canary != "-" != entry.header.incident for entry in erased)


def test_an_incident_goes_together_once_its_last_hit_is_old(home: Home, strike: Strike) -> None:
    canary = next(iter(minting.mint(home, "url"))).canary
    hits = {
        strike(home, canary, ip="192.0.2.1", at=f"2026-10-23T{hour}:00:00.000000Z")
        for hour in ("01", "11", "21")
    }
    assert retention.due(home) == []  # the last one is 29 days and some hours old
    assert isinstance(home.clock, FixedClock)
    home.clock.advance(hours=10)
    assert {hit for one in retention.due(home) for hit in one.hits} == hits


def test_ledger_and_dossier_verify_and_name_what_is_gone(home: Home, strike: Strike, tmp_path: Path) -> None:
    _, canary = struck(home, strike, "url", ip="192.0.2.1", at=OLD)
    LogSealer(home).seal_once()
    retention.apply(home, "listener")
    LogSealer(home).seal_once()
    LogSealer(home).checkpoint()
    assert verify(home).raws == 0
    build(home, canary=canary, out=tmp_path / "case.zip")
    said: list[str] = []
    verifier.verify(tmp_path / "case.zip", say=lambda line: said.append(str(line)))
    assert any("1 event, 0 raw requests" in line for line in said)


def test_the_back_does_it_when_it_starts(home: Home, strike: Strike) -> None:
    gone, _ = struck(home, strike, "url", ip="192.0.2.1", at=OLD)
    stop = threading.Event()
    stop.set()
    retention.RetentionWatch(home).run(stop)
    assert gone not in kept(home)


def test_where_operators_sign_no_program_erases(home: Home, strike: Strike) -> None:
    struck(home, strike, "url", ip="192.0.2.1", at=OLD)
    with home.store.write() as connection:
        row = {"id": "f" * 32, "kind": "operator", "at": OLD, "hash": bytes(32), "sealed": b"x"}
        connection.execute(store.entry.insert().values(**row))
    before = kept(home)
    assert retention.apply(home, "listener") == []
    assert kept(home) == before


def test_an_operator_with_a_key_signs_what_has_had_its_time(home: Home, strike: Strike) -> None:
    gone, _ = struck(home, strike, "url", ip="192.0.2.1", at=OLD)
    enrol(home, "alice")
    with acting(home, "alice", signs=False), pytest.raises(HomeError, match="no key is given"):
        retention.apply_signed(home)
    assert gone in kept(home)
    with acting(home, "alice"):
        found, proposed = retention.apply_signed(home)
    assert ([one.hits for one in found], proposed) == ([(gone,)], [])
    assert gone not in kept(home)
    LogSealer(home).seal_once()
    assert verify(home).forged == ()


def test_where_two_operators_sign_the_second_approves_it_once(home: Home, strike: Strike) -> None:
    gone = [struck(home, strike, "url", ip=f"192.0.2.{number}", at=OLD)[0] for number in (1, 2)]
    enrol(home, "alice", "bob")
    with acting(home, "alice"):
        _, proposed = retention.apply_signed(home)
        assert retention.apply_signed(home) == ([], [])
    assert set(gone) <= set(kept(home))
    with acting(home, "bob"):
        for one in proposed:
            approve(home, one)
    assert not set(gone) & set(kept(home))
    LogSealer(home).seal_once()
    assert verify(home).forged == ()


def test_nothing_is_removed_where_nothing_is_set(tmp_path: Path, strike: Strike) -> None:
    with Home.create(tmp_path / "plain", "", FixedClock(NOW)) as plain:
        struck(plain, strike, "url", ip="192.0.2.1", at="2020-01-01T12:00:00.000000Z")
        assert retention.due(plain) == []


@pytest.mark.parametrize("text", ["url", "url=", "=3", "url=-1", "url=x", "url=99999"])
def test_a_term_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    with Home.create(tmp_path / "odd", "") as odd:
        (odd.path / "trapline.toml").write_text(f'[retention]\nkinds = ["{text}"]\n')
        with pytest.raises(SettingsError, match="number of days"):
            _ = Home.open(odd.path).settings
