"""List incidents: hits that belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from canaries.client.options import by_server
from canaries.core.text import counted, visible
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.client.api_client import ApiClient

SECTION = "What was caught"


def _by_server(api: ApiClient, as_json: bool) -> None:
    """The same by the API, oldest first."""
    found = list(api.incidents())[::-1]
    for one in found:
        if as_json:
            emit(one.said)
            continue
        words = [f"with {visible(one.assignee)}"] if one.assignee else []
        tell(_line(one.id, one.state, one.opened_at, one.last_at, one.hits, len(one.canaries), *words))
    if not found and not as_json:
        say("no incidents yet")


@click.command()
@json_option
@by_server(_by_server)
@pass_session
def command(session: Session, as_json: bool) -> None:
    """List incidents, oldest first: hits that share a canary or a source, less than a day apart."""
    from listener.incidents import queries

    found = queries.incidents(session.home())
    for item in found:
        if as_json:
            emit(item.as_dict())
            continue
        words = [f"with {visible(item.assignee)}"] if item.assignee else []
        words += [counted(len(item.notes), "note")] if item.notes else []
        words += [counted(len(item.assessments), "assessment")] if item.assessments else []
        tell(
            _line(item.id, item.state, item.opened_at, item.last_at, item.hits, len(item.canaries), *words),
            indent=2,
        )
    if not as_json:
        say(f"One in full: trapline incident {found[-1].id}" if found else "no incidents yet")


def _line(name: str, state: str, first: str, last: str, hits: int, canaries: int, *words: str) -> str:
    """One incident in 80 columns, to the minute; notes and assessments go behind."""
    since, until = (f"{moment[:10]} {moment[11:16]}Z" for moment in (first, last))
    used = f"{counted(hits, 'hit'):>7}  {counted(canaries, 'canary', 'canaries')}"
    return "  ".join([name, f"{state:<6}", f"{since} to {until}", used, *words])
