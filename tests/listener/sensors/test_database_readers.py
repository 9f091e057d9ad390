"""Sensors in a database: the schema is what it was once they are taken away, and after an installation that failed."""

from __future__ import annotations

import dataclasses

import pytest

from canaries.core.errors import NotFoundError, PlantError, TraplineError
from canaries.mint.minting import mint
from canaries.plant.planting import plant
from listener.readers import Probe, ReaderError, ReaderPlan, ReaderRequest
from listener.readers.row_policy import RowPolicy
from listener.sensors import database_readers, installed
from tests.subscribers import Subscribers

ACCEPTED = ("dumps",)


def settings(shop: Subscribers) -> list[dict[str, object]]:
    with shop.home.store.read() as connection:
        return [dict(entry.body) for entry in shop.home.reader.entries(connection, "setting")]


def roles(shop: Subscribers) -> int:
    return len(shop.say("SELECT rolname FROM pg_roles", "postgres"))


def test_installed_checked_and_taken_away_without_a_trace(shop: Subscribers) -> None:
    before, accounts, began = shop.cluster.schema(shop.database), roles(shop), len(settings(shop))
    database_readers.propose(shop.home, shop.url, cost=True)
    assert (shop.cluster.schema(shop.database), roles(shop)) == (before, accounts)
    found = database_readers.install(shop.home, shop.url, accepted=ACCEPTED)
    assert shop.cluster.schema(shop.database) != before
    [state] = database_readers.check(shop.home)
    assert state.problems == ()
    assert any("postgres pass unseen" in one for one in state.warnings)
    with pytest.raises(ReaderError, match="already"):
        database_readers.install(shop.home, shop.url, accepted=ACCEPTED)
    assert database_readers.uninstall(shop.home, shop.url, reason="end of the test") == ["row-policy"]
    assert (shop.cluster.schema(shop.database), roles(shop)) == (before, accounts)
    assert database_readers.check(shop.home) == []
    said = [one for one in settings(shop)[began:] if "installed" in one or "uninstalled" in one]
    assert [(one.get("installed"), one.get("uninstalled")) for one in said] == [
        ("row-policy", None),
        (None, "row-policy"),
    ]
    assert said[0]["rows"] == len(found.rows) == 4
    with pytest.raises(NotFoundError, match="no sensor is installed"):
        database_readers.uninstall(shop.home, shop.url)


@pytest.mark.parametrize("at", [1, 6, 99])
def test_a_failed_installation_leaves_nothing(
    shop: Subscribers, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """``at``: the statement that the server refuses; 99: a part is not found after it was made."""
    before, accounts, entries = shop.cluster.schema(shop.database), roles(shop), settings(shop)
    real = RowPolicy.plan

    def broken(self: RowPolicy, request: ReaderRequest) -> ReaderPlan:
        plan = real(self, request)
        up = list(plan.up)
        if at == 99:
            missing = (*plan.probes, Probe("the cup", "SELECT 1 WHERE false"))
            return dataclasses.replace(plan, probes=missing)
        up.insert(at, "SELECT no_such_function()")
        return dataclasses.replace(plan, up=tuple(up))

    monkeypatch.setattr(RowPolicy, "plan", broken)
    with pytest.raises(TraplineError, match=r"no_such_function|the cup"):
        database_readers.install(shop.home, shop.url, accepted=ACCEPTED)
    assert (shop.cluster.schema(shop.database), roles(shop)) == (before, accounts)
    assert settings(shop) == entries
    assert installed.read_all(shop.home) == {}


def test_what_a_ledger_that_cannot_be_written_leaves_is_taken_back(
    shop: Subscribers, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shop.cluster.schema(shop.database)

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(database_readers, "index_marks", full)
    with pytest.raises(OSError, match="no space"):
        database_readers.install(shop.home, shop.url, accepted=ACCEPTED)
    assert shop.cluster.schema(shop.database) == before
    assert installed.read_all(shop.home) == {}


def test_refusals_are_said_and_can_be_accepted(shop: Subscribers) -> None:
    plan = database_readers.propose(shop.home, shop.url).plan
    assert [one.word for one in plan.refusals] == ["dumps"]
    assert "analyst, owner" in plan.refusals[0].sentence
    with pytest.raises(ReaderError, match="pg_dump by") as refused:
        database_readers.install(shop.home, shop.url)
    assert refused.value.hint == "if that is as you want it: --accept dumps"
    database_readers.install(shop.home, shop.url, accepted=ACCEPTED)
    for weak in ("owner", "analyst"):
        assert shop.cluster.run("pg_dump", shop.cluster.url(shop.database, weak)).returncode == 1
    assert shop.cluster.run("pg_dump", shop.cluster.url(shop.database)).returncode == 0


def test_a_check_says_what_was_changed_and_what_was_planted_since(own_shop: Subscribers) -> None:
    shop = own_shop
    found = database_readers.install(shop.home, shop.url, accepted=ACCEPTED)
    [late] = mint(shop.home, "user")
    plant(shop.home, late.canary.id, shop.url)
    shop.say("ALTER TABLE subscribers NO FORCE ROW LEVEL SECURITY", "postgres")
    [function] = [one for one in found.plan.down if "FUNCTION" in one]
    shop.say(function + " CASCADE", "postgres")
    [state] = database_readers.check(shop.home, shop.url)
    assert state.problems == (
        "it knows 4 planted rows, and 5 lie there: install it again",
        "row-level security on the table is gone",
        "the policy is gone",
        "the function is gone",
    )
    assert database_readers.uninstall(shop.home, shop.url) == ["row-policy"]


def test_a_table_without_bait_or_another_database_is_refused(shop: Subscribers) -> None:
    with pytest.raises(ReaderError, match="nothing is planted in other"):
        database_readers.propose(shop.home, shop.url.replace("table=subscribers", "table=other"))
    with pytest.raises(ReaderError, match="no sensor that sqlite itself could run"):
        database_readers.propose(shop.home, f"sqlite:///{shop.home.path}/x.db?table=t")
    with pytest.raises(PlantError, match="not a database URL"):
        database_readers.propose(shop.home, "subscribers")
