"""List incidents: hits that belong together."""

from __future__ import annotations

import click

from canaries.client.options import client, server_option
from canaries.core.text import counted
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

SECTION = "What was caught"


@click.command()
@json_option
@server_option
@pass_session
def command(session: Session, as_json: bool, server: str | None) -> None:
    """List incidents, oldest first: hits that share a canary or a source, less than a day apart."""
    if server:
        _by_server(server, as_json=as_json)
        return
    from listener.incidents import queries

    found = queries.incidents(session.home())
    for item in found:
        if as_json:
            emit(item.as_dict())
            continue
        words = [counted(len(item.notes), "note")] if item.notes else []
        words += [counted(len(item.assessments), "assessment")] if item.assessments else []
        tell(
            _line(item.id, item.state, item.opened_at, item.last_at, item.hits, len(item.canaries), *words),
            indent=2,
        )
    if not as_json:
        say(f"One in full: trapline incident {found[-1].id}" if found else "no incidents yet")


def _by_server(server: str, *, as_json: bool) -> None:
    """The same by the API, oldest first."""
    with client(server) as api:
        found = list(api.incidents())[::-1]
    for one in found:
        if as_json:
            emit(one.said)
            continue
        tell(_line(one.id, one.state, one.opened_at, one.last_at, one.hits, len(one.canaries)))
    if not found and not as_json:
        say("no incidents yet")


def _line(name: str, state: str, first: str, last: str, hits: int, canaries: int, *words: str) -> str:
    """One incident in 80 columns, to the minute; notes and assessments go behind."""
    since, until = (f"{moment[:10]} {moment[11:16]}Z" for moment in (first, last))
    used = f"{counted(hits, 'hit'):>7}  {counted(canaries, 'canary', 'canaries')}"
    return "  ".join([name, f"{state:<6}", f"{since} to {until}", used, *words])
