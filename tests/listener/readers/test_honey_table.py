"""The table on a real MariaDB with server_audit: who reads it is told, and the schema is what it was afterwards."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from canaries.core.errors import PlantError
from canaries.installation.home import Home
from listener.facts.derive import load
from listener.following.follower import LogFollower
from listener.incidents import queries
from listener.ingest.intake import Intake
from listener.readers import ReaderError, ReaderPlan, ReaderRequest
from listener.readers.honey_table import HoneyTable
from listener.sensors import database_readers, installed
from listener.sensors.database_readers import Proposal
from tests.mariadb_matrix import MariadbShop, mariadb_shop


@pytest.fixture
def shop(mariadb_server: str, tmp_path: Path) -> Iterator[MariadbShop]:
    with mariadb_shop(mariadb_server, tmp_path, people=2) as found:
        yield found


def test_a_read_is_told_and_nothing_is_left(shop: MariadbShop, monkeypatch: pytest.MonkeyPatch) -> None:
    home, before = shop.home, shop.dump("--no-data")
    shop.run("SET GLOBAL server_audit_logging = OFF")
    with pytest.raises(ReaderError, match="server_audit is off"):
        database_readers.install(home, shop.target)
    shop.run("SET GLOBAL server_audit_logging = ON")
    found = database_readers.install(home, shop.target)
    [(canary, name)] = found.plan.tokens
    assert name.startswith(("subscribers_", "all_subscribers_"))
    monkeypatch.setenv("TRAPLINE_LOGS_AUDIT_TYPE", "mariadb-audit")
    monkeypatch.setenv("TRAPLINE_LOGS_AUDIT_PATH", str(shop.audit))
    again = Home.open(home.path)
    follower = LogFollower(again, Intake(again, load(again)), lambda said: None)
    follower.look()
    shop.run("SELECT * FROM subscribers")
    follower.look()
    assert list(queries.hits(home)) == []
    assert len(shop.run(f"SELECT * FROM {name}")) == 2
    follower.look()
    [hit] = queries.hits(home)
    assert (hit.canary, hit.facet) == (canary, "table")
    assert hit.facts["verdict"]["event"] == "table_read"
    assert f"INSERT INTO `{name}`" in shop.dump()
    [state] = database_readers.check(home)
    assert state.problems == ()
    database_readers.uninstall(home, shop.target)
    assert shop.dump("--no-data") == before


def test_an_installation_that_is_refused_in_the_middle_leaves_nothing(
    shop: MariadbShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of its statements is committed at once: what was made is taken away again."""
    before, real = shop.dump("--no-data"), HoneyTable.plan

    def broken(self: HoneyTable, request: ReaderRequest) -> ReaderPlan:
        plan = real(self, request)
        fault = "INSERT INTO no_such_table VALUES (1)"
        return dataclasses.replace(plan, up=(*plan.up[:2], fault, *plan.up[2:]))

    monkeypatch.setattr(HoneyTable, "plan", broken)
    with pytest.raises(PlantError, match="error 1146"):
        database_readers.install(shop.home, shop.target)
    assert shop.dump("--no-data") == before
    assert installed.read_all(shop.home) == {}


def test_an_installation_that_is_interrupted_leaves_nothing(
    shop: MariadbShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, half = shop.dump("--no-data"), list[str]()

    def interrupted(found: Proposal) -> dict[str, str]:
        shop.run(*found.plan.up[:2])
        half.append(shop.dump("--no-data"))
        raise KeyboardInterrupt

    monkeypatch.setattr(database_readers, "_run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        database_readers.install(shop.home, shop.target)
    assert half != [before]
    assert shop.dump("--no-data") == before
    assert installed.read_all(shop.home) == {}


def test_what_cannot_be_taken_back_can_be_taken_away_later(
    shop: MariadbShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shop.dump("--no-data")

    def away(*_: object) -> None:
        raise PlantError("the server is away")

    with monkeypatch.context() as patch:
        patch.setattr(database_readers, "index_marks", away)
        patch.setattr(database_readers, "_take_away", away)
        with pytest.raises(PlantError):
            database_readers.install(shop.home, shop.target)
    assert shop.dump("--no-data") != before
    assert database_readers.uninstall(shop.home, shop.target) == ["honey-table"]
    assert shop.dump("--no-data") == before
