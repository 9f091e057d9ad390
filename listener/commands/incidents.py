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
        canaries = counted(len(item.canaries), "canary", "canaries")
        words = f"{counted(len(item.notes), 'note')}, {counted(len(item.assessments), 'assessment')}"
        hits = counted(item.hits, "hit")
        first, last = item.opened_at[:19], item.last_at[:19]
        tell(f"{item.id}  {item.state:<6}  {first}Z to {last}Z  {hits:>12}  {canaries:<12}  {words}")
    if not found and not as_json:
        say("no incidents yet")


def _by_server(server: str, *, as_json: bool) -> None:
    """The same by the API, oldest first."""
    with client(server) as api:
        found = list(api.incidents())[::-1]
    for one in found:
        if as_json:
            emit(one.said)
            continue
        first, last, hits = one.opened_at[:19], one.last_at[:19], counted(one.hits, "hit")
        canaries = counted(len(one.canaries), "canary", "canaries")
        tell(f"{one.id}  {one.state:<6}  {first}Z to {last}Z  {hits:>12}  {canaries}")
    if not found and not as_json:
        say("no incidents yet")
