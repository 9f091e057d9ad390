"""List where bait is; with --check, whether it is still there."""

from __future__ import annotations

import click

from canaries.core.text import counted, visible
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

SECTION = "Bait"


@click.command()
@click.option("--check", "look", is_flag=True, help="Look at each; exit status 1 where one is not as it was.")
@click.option("--canary", default="", metavar="ID", help="Of this canary only.")
@json_option
@pass_session
def command(session: Session, look: bool, canary: str, as_json: bool) -> int:
    """List where bait is; with --check, also whether it is still there.

    States: there, changed (some of it is missing or different), gone, unreachable (it could not be checked).
    """
    from canaries.mint import catalogue
    from canaries.plant import placements
    from canaries.plant.planters import State

    home = session.home()
    only = catalogue.find(home, canary).id if canary else None
    count = wrong = 0
    for placement in (placements.check if look else placements.listing)(home, canary=only):
        count += 1
        wrong += placement.state is not State.THERE
        if as_json:
            emit(placement.as_dict())
        else:
            seen = placement.checked_at or placement.planted_at
            because = f"  ({visible(placement.reason)})" if placement.reason else ""
            tell(
                f"{placement.state:<11}  as of {seen[:16]}Z  {placement.id}  {placement.canary}  "
                f"{visible(placement.target)}{because}"
            )
    if not count:
        say("Nothing is planted yet: trapline plant ID TARGET")
    elif look:
        say(f"{counted(count, 'placement')} checked, {wrong} not as planted")
    return 1 if look and wrong else 0
