"""Mark your own use of bait as a test for some minutes."""

from __future__ import annotations

import click

from canaries.installation.session import Session, pass_session, say

SECTION = "What was caught"


@click.command()
@click.argument("canary_id", metavar="ID")
@click.option("--network", "networks", multiple=True, metavar="CIDR", help="Only where you fire it from.")
@click.option("--for", "lasting", default="5m", show_default=True, metavar="TIME", help="How long.")
@click.option("--reason", default="test-fire", show_default=True, help="Why; kept in the ledger.")
@pass_session
def command(session: Session, canary_id: str, networks: tuple[str, ...], lasting: str, reason: str) -> None:
    """Mark uses of one canary as your own test for five minutes; its alerts begin with TEST.

    Somebody else's use of the same canary in that time is marked too, unless you name your --network.
    """
    from canaries.core.clock import until
    from canaries.mint import catalogue
    from listener.notify import rules

    home = session.home()
    canary = catalogue.find(home, canary_id)
    made = rules.add(
        home,
        "test",
        expires_at=until(lasting, home.clock.now()),
        reason=reason,
        networks=networks,
        canary=canary.id,
    )
    say(
        f"Until {made.expires_at[:19]}Z uses of {canary.id} are marked as your test. Fire it, then: trapline hits"
    )
    say(f"How to fire it: trapline show {canary.id}")
