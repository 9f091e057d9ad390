"""Retire canaries; what still uses them stays known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from canaries.client.options import by_server
from canaries.installation.session import Session, pass_session, say

if TYPE_CHECKING:
    from canaries.client.api_client import ApiClient

SECTION = "Bait"


def _by_server(api: ApiClient, canary_ids: tuple[str, ...], reason: str) -> None:
    found = [api.canary_called(one).id for one in canary_ids]
    for one in dict.fromkeys(found):
        _say(api.retire(one, reason).id)


@click.command()
@click.argument("canary_ids", metavar="ID...", nargs=-1, required=True)
@click.option("--reason", default="", help="Why; kept in the ledger.")
@by_server(_by_server)
@pass_session
def command(session: Session, canary_ids: tuple[str, ...], reason: str) -> None:
    """Retire canaries: they stay known, and what still hits them is recorded while their trap is open.

    With listen.traps = "needed" a trap is shut once the last bait that leads to it is retired.

    All of the IDs are looked up first: where one is unknown, none is retired.
    """
    from canaries.mint import catalogue

    home = session.home()
    found = [catalogue.find(home, one).id for one in canary_ids]
    for one in dict.fromkeys(found):
        _say(catalogue.retire(home, one, reason).id)


def _say(canary_id: str) -> None:
    say(f"Canary {canary_id} is retired. Where its bait is: trapline placements --canary {canary_id}")
    say(f"To take it back from there: trapline unplant {canary_id}")
