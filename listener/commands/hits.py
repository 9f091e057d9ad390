"""List uses of canaries, oldest first, or follow them as they come."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from canaries.core.text import visible
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from listener.incidents.model import Hit

_POLL_SECONDS = 0.5


@click.command()
@click.option("--canary", "canary_id", metavar="ID", help="Only uses of this canary.")
@click.option("--incident", "incident_id", metavar="ID", help="Only hits of this incident.")
@click.option("--follow", "following", is_flag=True, help="Go on as more come, until interrupted.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Begin with the newest N only.")
@json_option
@pass_session
def command(
    session: Session,
    canary_id: str | None,
    incident_id: str | None,
    following: bool,
    limit: int | None,
    as_json: bool,
) -> None:
    """List uses of canaries, oldest first: what was observed, what was derived, which incident.

    Reading this list is not recorded; revealing a bait and building a dossier are.
    """
    found = _chosen(session.home(), canary_id, incident_id, following, limit)
    any_found = False
    for hit in found:
        any_found = True
        if as_json:
            emit(hit.as_dict())
        else:
            tell(line(hit))
    if not any_found and not as_json:
        say("no hits yet")


def _chosen(
    home: Home, canary_id: str | None, incident_id: str | None, following: bool, limit: int | None
) -> Iterator[Hit]:
    from canaries.mint import catalogue
    from listener.incidents import operator_acts, queries

    canary = catalogue.find(home, canary_id).id if canary_id else None
    incident = None
    if incident_id:
        with home.store.read() as connection:
            incident = operator_acts.resolve(connection, incident_id)
    last = ""
    if limit is None:
        found = queries.hits(home, canary=canary, incident=incident)
    else:
        found = queries.newest(home, limit, canary=canary, incident=incident)
    for hit in found:
        last = hit.id
        yield hit
    if following:
        pause = threading.Event()
        wait = lambda: pause.wait(_POLL_SECONDS)  # noqa: E731  never set: Ctrl-C ends it
        yield from queries.follow(home, wait, canary=canary, incident=incident, after_id=last)


def line(hit: Hit) -> str:
    """One hit for people: time, incident, canary, what was used, from where, with what, and the verdict."""
    verdict = hit.facts.get("verdict", {})
    columns = (
        (hit.observed_at[:23] + "Z", 24),
        (hit.incident, 10),
        (hit.canary, 16),
        (f"{hit.kind}/{hit.facet}", 24),
        (f"{hit.ip} port {hit.port}" if hit.port else hit.ip, 26),
        (f"{verdict.get('severity', '-')}: {verdict.get('kind', 'no verdict')}", 24),
    )
    said = f"{visible(hit.client, limit=80) or '(no client name)'}  {visible(hit.request, limit=80)}"
    return "  ".join(visible(text).ljust(width) for text, width in columns) + "  " + said.rstrip()
