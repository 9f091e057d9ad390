"""Mark your own use of bait as a test for some minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from canaries.client.options import by_server
from canaries.installation.session import Session, pass_session, say

if TYPE_CHECKING:
    from canaries.client.api_client import ApiClient

SECTION = "What was caught"


def _by_server(api: ApiClient, canary_id: str, networks: tuple[str, ...], lasting: str, reason: str) -> None:
    canary = api.canary_called(canary_id).id
    minutes = _minutes(lasting)
    _say(canary, api.test_fire(canary, minutes=minutes, networks=networks, reason=reason))


@click.command()
@click.argument("canary_id", metavar="ID")
@click.option("--network", "networks", multiple=True, metavar="CIDR", help="Only where you fire it from.")
@click.option("--for", "lasting", default="5m", show_default=True, metavar="TIME", help="How long.")
@click.option("--reason", default="test-fire", show_default=True, help="Why; kept in the ledger.")
@by_server(_by_server)
@pass_session
def command(session: Session, canary_id: str, networks: tuple[str, ...], lasting: str, reason: str) -> None:
    """Mark uses of one canary as your own test for five minutes; its alerts begin with TEST.

    Somebody else's use of the same canary in that time is marked too, unless you name your --network.
    """
    from canaries.core.clock import until
    from canaries.core.errors import TraplineError
    from canaries.mint import catalogue
    from listener.notify import rules

    home = session.home()
    end, longest = until(lasting, home.clock.now()), until("1d", home.clock.now())
    if end > longest:
        raise TraplineError(
            "a test-fire lasts a day at most: a use by somebody else would be taken for yours",
            hint="leave --for out, or give minutes or hours: 30m, 12h",
        )
    canary = catalogue.find(home, canary_id)
    made = rules.add(
        home,
        "test",
        expires_at=end,
        reason=reason,
        networks=networks,
        canary=canary.id,
    )
    _say(canary.id, made.expires_at)


def _minutes(lasting: str) -> int:
    """What the server takes. Raises UsageError where it is no number of minutes or hours."""
    number, unit = lasting.strip()[:-1], lasting.strip()[-1:]
    if not (number.isascii() and number.isdigit() and unit in ("m", "h")):
        raise click.UsageError("with --server, --for is minutes or an hour: 5m, 1h.")
    return int(number) * (60 if unit == "h" else 1)


def _say(canary: str, until: str) -> None:
    say(f"Until {until[:19]}Z uses of {canary} are marked as your test. Fire it, then: trapline hits")
    say(f"How to fire it: trapline show {canary}")
