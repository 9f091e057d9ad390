"""Take planted bait back out of its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from canaries.core.text import counted, visible
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.plant.unplanting import TakenBack

SECTION = "Bait"


@click.command()
@click.argument("name", metavar="PLACEMENT|ID")
@click.option("--reason", default="", help="Why; kept in the ledger.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and touch nothing.")
@json_option
@pass_session
def command(session: Session, name: str, reason: str, dry_run: bool, as_json: bool) -> None:
    """Take bait back: one placement, or every placement of canary ID.

    A file gets its old bytes back, also where others have edited elsewhere in it since; a file of the bait's own is
    removed while it is as it was. What has changed inside the bait is left alone and said: then nothing is taken back.
    """
    from canaries.plant import unplanting

    done = unplanting.unplant(session.home(), name, reason=reason, dry_run=dry_run)
    for one in done:
        if as_json:
            emit(_as_dict(one))
        else:
            for step in one.steps:
                tell(visible(f"would {step}" if dry_run else step), indent=2)
        for remains in one.remains:
            say(f"warning: {visible(remains)}")
    if not dry_run:
        say(
            f"{counted(len(done), 'placement')} taken back. What is used all the same is still recorded as a hit."
        )


def _as_dict(done: TakenBack) -> dict[str, object]:
    return {
        "placement": done.placement.id,
        "canary": done.placement.canary,
        "target": done.placement.target,
        "steps": list(done.steps),
        "remains": list(done.remains),
    }
