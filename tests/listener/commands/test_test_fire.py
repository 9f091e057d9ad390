from __future__ import annotations

from collections.abc import Callable

from click.testing import CliRunner

from canaries.core.store import outbox
from canaries.installation.home import Home
from canaries.installation.session import Session
from canaries.mint.minting import mint
from listener.commands.test_fire import command
from listener.incidents import queries
from listener.notify.row_codec import RowCodec


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
