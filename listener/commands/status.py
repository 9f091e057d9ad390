"""Show the state of every part; exit status 1 if one is failing."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from canaries.client.options import by_server
from canaries.core.text import visible
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.client.api_client import ApiClient
    from canaries.client.values import RemotePart
    from listener.health.state import PartState

SECTION = "Start"

_MARKS = {"well": "ok  ", "note": "note", "failing": "FAIL"}


def _by_server(api: ApiClient, everything: bool, as_json: bool) -> None:
    _tell(api.health(), everything, as_json)


@click.command()
@click.option("--all", "everything", is_flag=True, help="Name the parts that are well, too.")
@click.option(
    "--tell",
    "telling",
    is_flag=True,
    help="Where no listener answers, send what is failing over the channels yourself.",
)
@json_option
@by_server(_by_server)
@pass_session
def command(session: Session, everything: bool, telling: bool, as_json: bool) -> None:
    """Say how every part is, and what to do where one is failing.

    Looks, and changes nothing; asks the running listener over a socket in the home folder. Exit status 1 where
    something is failing. A listener that runs tells the channels itself; for one that does not, let a timer run this
    with --tell.
    """
    from listener.health import direct_telling
    from listener.health.examination import examine, view

    home = session.unchecked_home()
    seen = view(home)
    report = examine(home, seen)
    if telling and seen.listener is None:
        took = direct_telling.tell(home, "\n".join(f"{one.part}: {one.says}" for one in report.failing))
        say(f"told over: {', '.join(took) or 'no channel took it'}")
    _tell(report.parts, everything, as_json)


def _tell(parts: Sequence[PartState | RemotePart], everything: bool, as_json: bool) -> None:
    """Print them, and end with the exit status."""
    for part in parts:
        if as_json:
            emit(dataclasses.asdict(part))
        elif everything or part.level != "well":
            tell(f"{_MARKS.get(part.level, '?   ')}  {part.part}: {visible(part.says, limit=600)}", indent=6)
            if part.hint:
                tell(f"      {visible(part.hint, limit=600)}", indent=6)
    count = sum(part.level == "failing" for part in parts)
    if not as_json:
        said = f"{count} {'part is' if count == 1 else 'parts are'} failing." if count else "All is well."
        say(said if everything else f"{said} Every part: trapline status --all")
    click.get_current_context().exit(1 if count else 0)
