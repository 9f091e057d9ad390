"""Look again at what was seen of late and not recognised."""

from __future__ import annotations

import dataclasses

import click

from canaries.core.text import counted
from canaries.installation.session import Session, emit, json_option, pass_session, tell

SECTION = "What was caught"


@click.command()
@json_option
@pass_session
def command(session: Session, as_json: bool) -> None:
    """Look again, with today's decoders and tokens, at what the traps saw in the last days and did not recognise.

    The listener does this by itself for tokens that are minted; after an upgrade it is worth a command. Hits that come
    of it say when they were seen and when they were recognised.
    """
    from listener.facts.derive import load
    from listener.ingest.intake import Intake
    from listener.ingest.rescan import rescan

    home = session.home()
    found = rescan(home, Intake(home, load(home)))
    if as_json:
        emit(dataclasses.asdict(found))
    else:
        tell(
            f"{counted(found.looked_at, 'sighting')} looked at again, {counted(found.hits, 'hit')} found.",
            indent=2,
        )
