"""Note where you put bait by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from canaries.client.options import by_server
from canaries.core.text import visible
from canaries.installation.session import Session, pass_session, say

if TYPE_CHECKING:
    from canaries.client.api_client import ApiClient

SECTION = "Bait"


def _by_server(api: ApiClient, canary_id: str, where: str) -> None:
    _say(api.note_place(api.canary_called(canary_id).id, where), canary_id, where)


@click.command()
@click.argument("canary_id", metavar="ID")
@click.argument("where", metavar="WHERE")
@by_server(_by_server)
@pass_session
def command(session: Session, canary_id: str, where: str) -> None:
    """Note that the bait of canary ID was put at WHERE, in words: by hand, or by a machine without a home.

    Nothing here can look at it: trapline placements --check passes it over, and trapline unplant writes down that it
    is gone. The same place twice is one placement.
    """
    from canaries.plant import noting

    _say(noting.note(session.home(), canary_id, where), canary_id, where)


def _say(placement: str, canary_id: str, where: str) -> None:
    more = f"Where else: trapline placements --canary {canary_id}"
    say(f"Placement {placement}: {visible(where.strip())}. {more}")
