"""Note where you put bait by hand."""

from __future__ import annotations

import click

from canaries.client.options import client, server_option
from canaries.core.text import visible
from canaries.installation.session import Session, pass_session, say

SECTION = "Bait"


@click.command()
@click.argument("canary_id", metavar="ID")
@click.argument("where", metavar="WHERE")
@server_option
@pass_session
def command(session: Session, canary_id: str, where: str, server: str | None) -> None:
    """Note that the bait of canary ID was put at WHERE, in words: by hand, or by a machine without a home.

    Nothing here can look at it: trapline placements --check passes it over, and trapline unplant writes down that it
    is gone. The same place twice is one placement.
    """
    if server:
        with client(server) as api:
            placement = api.note_place(canary_id, where)
    else:
        from canaries.plant import noting

        placement = noting.note(session.home(), canary_id, where)
    say(
        f"Placement {placement}: {visible(where.strip())}. Where else: trapline placements --canary {canary_id}"
    )
