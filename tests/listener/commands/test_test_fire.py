from __future__ import annotations

from collections.abc import Callable

from click.testing import CliRunner

from canaries.core.errors import TraplineError
from canaries.core.store import outbox
from canaries.installation.home import Home
from canaries.installation.session import Session
from canaries.mint.minting import mint
from listener.commands.test_fire import command
from listener.incidents import queries
from listener.notify import rules
from listener.notify.row_codec import RowCodec
from listener.notify.rules import MarkingRule


def test_f8_ones_own_use_is_marked_and_told_as_a_test(home: Home, strike: Callable[..., str]) -> None:
    one, other = (next(mint(home, "url")).canary for _ in range(2))
    result = CliRunner().invoke(command, [one.id], obj=Session(home.path))
    assert result.exit_code == 0
    assert f"uses of {one.id} are marked as your test" in result.stderr
    for canary in (one, other):
        strike(home, canary, at=home.now())
    marks = [hit.facts.get("operator_rule", {}).get("mark") for hit in queries.hits(home)]
    assert marks == ["test", None]
    with home.store.read() as connection:
        rows = connection.execute(outbox.select()).all()
    alerts = [RowCodec(home.keys.alerts).open(row.id, row.sealed) for row in rows]
    assert sorted(alert.event for alert in alerts if alert) == ["first", "used-in-test"]


def test_a_test_that_lasts_for_weeks_is_refused(home: Home) -> None:
    """Whoever used the bait meanwhile would be taken for its owner."""
    canary = next(mint(home, "url")).canary
    for lasting in ("25h", "2d", "2099-01-01"):
        result = CliRunner().invoke(command, [canary.id, "--for", lasting], obj=Session(home.path))
        assert isinstance(result.exception, TraplineError)
        assert "a day at most" in result.exception.sentence
    assert rules_of(home) == []
    assert CliRunner().invoke(command, [canary.id, "--for", "24h"], obj=Session(home.path)).exit_code == 0


def rules_of(home: Home) -> list[MarkingRule]:
    with home.store.read() as connection:
        return rules.load(connection, home, home.now())
