"""Retire a canary: it stays known, and its hits are still recorded."""

from __future__ import annotations

import click

from canaries.installation.session import Session, pass_session, say


@click.command()
@click.argument("canary_id", metavar="ID")
@click.option("--reason", default="", help="Why; kept in the ledger.")
@pass_session
def command(session: Session, canary_id: str, reason: str) -> None:
    """Retire a canary: it stays known, and its hits are still recorded."""
    from canaries.mint import catalogue

    canary = catalogue.retire(session.home(), canary_id, reason)
    say(f"Canary {canary.id} is retired. Where its bait is: trapline placements --canary {canary.id}")
    say(f"To take it back from there: trapline unplant {canary.id}")
