"""Asking: nothing unless switched on, slowly and in no order, once, and every question is in the ledger."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from canaries.core.clock import FixedClock, parse_rfc3339
from canaries.core.errors import SettingsError
from canaries.installation.home import Home
from canaries.ledger.verification import verify
from canaries.mint.minting import mint
from listener.dossier.build import build
from listener.incidents import queries
from listener.outside import (
    AddressService,
    OutsideAnswer,
    OutsideError,
    OutsideService,
    OutsideSettings,
    asking,
)

AT = "2026-11-22T12:00:00.000000Z"
ADDRESSES = ("8.8.8.8", "8.8.8.9", "9.9.9.9")


class Told(OutsideService):
    """Answers as it is told, and keeps what it was asked."""

    name = "told"
    learns = ""

    def __init__(self, settings: Any = None, home: Path = Path(), error: OutsideError | None = None) -> None:
        super().__init__(settings or OutsideSettings(enabled=True, proxy="http://a:b@127.0.0.1:1"), home)
        self.asked: list[str] = []
        self.error = error

    def ask(self, subject: str) -> OutsideAnswer:
        self.asked.append(subject)
        if self.error:
            raise self.error
        return OutsideAnswer({"of": subject}, (f"question {subject}",), "there.example")


class ToldOfAddresses(Told, AddressService):
    """The same of single addresses."""

    name = "told-of-addresses"
    subject = AddressService.subject


@pytest.fixture
def incident(home: Home, strike: Callable[..., str]) -> str:
    home.clock = FixedClock(parse_rfc3339(AT) + timedelta(days=2))
    canary = next(iter(mint(home, "url"))).canary
    hits = [strike(home, canary, ip=ip, at=AT) for ip in (*ADDRESSES, "192.0.2.1", "10.1.2.3")]
    return queries.one(home, hits[0]).incident


def run(waits: list[float] | None = None, seed: int = 1) -> asking.OutsideRun:
    kept: list[float] = [] if waits is None else waits
    return asking.OutsideRun(kept.append, random.Random(seed))


def test_networks_and_addresses_are_asked_about_once_each(home: Home, incident: str) -> None:
    by_network, by_address = Told(), ToldOfAddresses()
    waits: list[float] = []
    said = asking.ask(home, incident, [by_network, by_address], "ticket 7", run(waits))
    assert sorted(by_network.asked) == ["8.8.8.0/24", "9.9.9.0/24"], (
        "and nothing of private or reserved space"
    )
    assert sorted(by_address.asked) == sorted(ADDRESSES)
    assert len(said) == len(waits) == 5
    assert all(2 <= wait <= 12 for wait in waits)
    assert len(set(waits)) == 5, "pauses are drawn"
    (body,) = recorded(home)
    assert (body["incident"], body["why"], body["canaries"]) == (incident, "ticket 7", [])
    one = next(item for item in body["answers"] if item["subject"] == "8.8.8.0/24")
    assert one["queries"] == ["question 8.8.8.0/24"]
    assert (one["server"], one["through"], len(one["hits"])) == ("there.example", "http://127.0.0.1:1", 2)
    assert one["fact"] == {"of": "8.8.8.0/24"}


def recorded(home: Home) -> list[dict[str, Any]]:
    with home.store.read() as connection:
        entries = [entry.body for entry in home.reader.entries(connection, "exported")]
    return [body for body in entries if body["what"] == asking.OUTSIDE]


def test_the_order_is_drawn(home: Home, incident: str) -> None:
    orders = set()
    for seed in range(6):
        service = ToldOfAddresses(OutsideSettings(enabled=True, keep_days=0))
        asking.ask(home, incident, [service], "", run(seed=seed))
        home.clock = FixedClock(home.clock.now() + timedelta(seconds=1))
        orders.add(tuple(service.asked))
    assert len(orders) > 1


def test_what_is_known_is_not_asked_again_until_it_is_old(home: Home, incident: str) -> None:
    asking.ask(home, incident, [Told()], "", run())
    again = Told()
    assert asking.ask(home, incident, [again], "", run()) == []
    assert (again.asked, len(recorded(home))) == ([], 1)
    home.clock = FixedClock(home.clock.now() + timedelta(days=8))
    asking.ask(home, incident, [again], "", run())
    assert len(again.asked) == 2


def test_another_incident_gets_the_answer_with_its_date_and_no_question(
    home: Home, incident: str, strike: Callable[..., str]
) -> None:
    asking.ask(home, incident, [Told()], "", run())
    first = asking.answers(home)[0]["at"]
    canary = next(iter(mint(home, "url"))).canary
    hit = strike(home, canary, ip="8.8.8.77", at="2026-10-01T00:00:00.000000Z")
    other = queries.one(home, hit).incident
    assert other != incident
    home.clock = FixedClock(home.clock.now() + timedelta(days=1))
    service = Told()
    (said,) = asking.ask(home, other, [service], "", run())
    assert (service.asked, said["queries"], said["since"]) == ([], [], first)
    assert asking.answers(home, other)[0]["fact"] == {"of": "8.8.8.0/24"}
    assert asking.ask(home, other, [service], "", run()) == [], "and has it then"


def test_a_fresh_hit_is_not_asked_about(home: Home, incident: str) -> None:
    home.clock = FixedClock(parse_rfc3339(AT) + timedelta(minutes=59))
    assert asking.ask(home, incident, [Told()], "", run()) == []
    assert recorded(home) == []


@pytest.mark.parametrize(
    ("error", "asked"),
    [
        (OutsideError("there.example answered 500"), 2),
        (OutsideError("there.example refuses the key (401)", ends=True), 1),
        (OutsideError("there.example takes no more questions for now (429)", again=60), 1),
    ],
)
def test_a_failure_is_recorded_and_told_and_ends_what_is_of_no_use(
    home: Home, incident: str, error: OutsideError, asked: int
) -> None:
    service, told = Told(error=error), list[str]()
    how = run()
    how.say = told.append
    asking.ask(home, incident, [service], "", how)
    assert len(service.asked) == asked
    (body,) = recorded(home)
    assert [item["failed"] for item in body["answers"]] == [error.sentence] * asked
    assert all(item["queries"] for item in body["answers"]), "the question went out all the same"
    assert told == [f"told: {error.sentence}"] * asked
    service.error = None
    asking.ask(home, incident, [service], "", run())
    assert len(service.asked) == asked + 2, "a failure is no answer: it is asked again"


def test_one_run_asks_no_more_than_is_set(home: Home, incident: str) -> None:
    service = ToldOfAddresses(OutsideSettings(enabled=True, most=2))
    asking.ask(home, incident, [service], "", run())
    assert len(service.asked) == 2


def test_what_was_asked_before_it_broke_off_is_recorded(home: Home, incident: str) -> None:
    service = ToldOfAddresses()
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asking.ask(home, incident, [service], "", asking.OutsideRun(wait, random.Random(1)))
    assert [item["subject"] for item in recorded(home)[0]["answers"]] == service.asked
    assert len(service.asked) == 1


def test_ledger_and_dossier_hold(home: Home, incident: str, tmp_path: Path) -> None:
    asking.ask(home, incident, [Told()], "ticket 7", run())
    assert verify(home).opened
    build(home, incident=incident, out=tmp_path / "case.zip")


def test_nobody_may_be_asked_unless_switched_on(home: Home) -> None:
    with pytest.raises(SettingsError, match="no service is switched on"):
        asking.switched_on(home)
    with pytest.raises(SettingsError, match="ptr is not switched on"):
        asking.switched_on(home, ["ptr"])
    with pytest.raises(SettingsError, match="'pto'"):
        asking.switched_on(home, ["pto"])


def test_settings_of_a_service(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAPLINE_OUTSIDE_GREYNOISE_ENABLED", "true")
    monkeypatch.setenv("TRAPLINE_OUTSIDE_GREYNOISE_KEY", "s3cret")
    with Home.open(home.path) as again:
        (service,) = asking.switched_on(again)
        assert service.name == "greynoise"
        assert "s3cret" not in repr(asking.settings_of(again))
    monkeypatch.setenv("TRAPLINE_OUTSIDE_PTO_ENABLED", "true")
    with Home.open(home.path) as again, pytest.raises(SettingsError, match="'pto'"):
        asking.switched_on(again)
