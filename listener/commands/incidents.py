"""List incidents: hits that belong together."""

from __future__ import annotations

import click

from canaries.core.text import counted
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell


@click.command()
@json_option
@pass_session
def command(session: Session, as_json: bool) -> None:
    """List incidents, oldest first: hits that share a canary or a source, less than a day apart."""
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
