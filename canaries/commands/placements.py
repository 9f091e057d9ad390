"""List where bait is; with --check, whether it is still there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from canaries.client.options import by_server
from canaries.core.text import counted, visible
from canaries.installation import terminal
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.client.api_client import ApiClient
    from canaries.client.values import RemotePlacement
    from canaries.plant.placements import Placement

SECTION = "Bait"


def _by_server(api: ApiClient, canary: str, as_json: bool) -> None:
    """The same by the API, newest first."""
    columns, count = terminal.width(), 0
    for one in api.placements(api.canary_called(canary).id if canary else ""):
        count += 1
        emit(one.said) if as_json else tell(_line(one, "", columns), indent=2)
    if not count and not as_json:
        say("Nothing is on record as planted: trapline placed ID WHERE")


@click.command()
@click.option("--check", "look", is_flag=True, help="Look at each; exit status 1 where one is not as it was.")
@click.option("--canary", default="", metavar="ID", help="Of this canary only.")
@json_option
@by_server(_by_server)
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
    count, wrong, columns = 0, 0, terminal.width()
    for placement in (placements.check if look else placements.listing)(home, canary=only):
        count += 1
        wrong += placement.state is not State.THERE
        if as_json:
            emit(placement.as_dict())
        else:
            tell(_line(placement, placement.reason, columns), indent=2)
    if not count:
        say("Nothing is planted yet: trapline plant ID TARGET")
    elif look:
        say(f"{counted(count, 'placement')} checked, {wrong} not as planted")
    return 1 if look and wrong else 0


def _line(placement: Placement | RemotePlacement, reason: str, columns: int | None) -> str:
    """One placement on a line; on two where ``columns`` of a terminal have no room for the place behind the rest."""
    seen = placement.checked_at or placement.planted_at
    because = f"  ({visible(reason)})" if reason else ""
    first = f"{placement.state:<11}  as of {seen[:16]}Z  {placement.id}  {placement.canary}"
    place = f"{visible(placement.target)}{because}"
    whole = f"{first}  {place}"
    return whole if columns is None or terminal.cells(whole) <= columns else f"{first}\n  {place}"
