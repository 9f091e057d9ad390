"""List uses of canaries, oldest first, or follow them as they come."""

from __future__ import annotations

import ipaddress
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

import click

from canaries.client.options import by_server
from canaries.core.errors import TraplineError
from canaries.core.text import counted, visible
from canaries.installation import terminal
from canaries.installation.session import COUNTING, Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.client.api_client import ApiClient
    from canaries.client.values import RemoteHit
    from canaries.installation.home import Home
    from listener.incidents.model import Hit
    from listener.incidents.parts import HitParts

SECTION = "What was caught"

_POLL_SECONDS = 0.5
_MOST_OF_A_SERVER = 1000


def _by_server(
    api: ApiClient,
    canary_id: str | None,
    incident_id: str | None,
    since: str | None,
    kind: str | None,
    limit: int | None,
    as_json: bool,
) -> None:
    """The same by the API; without a limit the newest thousand."""
    filters = {"kind": kind or "", "since": since or ""}
    filters |= {"canary": api.canary_called(canary_id).id} if canary_id else {}
    filters |= {"incident": api.incident_called(incident_id).id} if incident_id else {}
    found = list(islice(api.hits(**filters), limit or _MOST_OF_A_SERVER))
    for hit in reversed(found):
        emit(hit.said) if as_json else _tell_remote(hit)
    if not found and not as_json:
        say("no hits are like that" if any(filters.values()) else "no hits yet")


@click.command()
@click.option("--canary", "canary_id", metavar="ID", help="Only uses of this canary.")
@click.option("--incident", "incident_id", metavar="ID", help="Only hits of this incident.")
@click.option("--follow", "following", is_flag=True, help="Go on as more come, until interrupted.")
@click.option("--since", metavar="TIME", help="Only those since then: 2h, 7d or a date.")
@click.option("--source", metavar="CIDR", help="Only those from this address or network.")
@click.option("--kind", help="Only uses of canaries of this kind.")
@click.option(
    "--severity", type=click.Choice(["low", "medium", "high", "critical"]), help="Only from this severity on."
)
@click.option("--acts", "with_acts", is_flag=True, help="Also, each on its own, what belongs to another hit.")
@click.option("--limit", type=COUNTING, metavar="N", help="Begin with the newest N only.")
@json_option
@by_server(_by_server)
@pass_session
def command(
    session: Session,
    canary_id: str | None,
    incident_id: str | None,
    following: bool,
    since: str | None,
    source: str | None,
    kind: str | None,
    severity: str | None,
    with_acts: bool,
    limit: int | None,
    as_json: bool,
) -> None:
    """List uses of canaries, oldest first: what was observed, what was derived, which incident.

    Reading this list is not recorded; revealing a bait and building a dossier are.
    """
    from canaries.mint.catalogue import require_kind
    from listener.incidents.parts import each_with_parts, with_parts

    home = session.home()
    if kind is not None:
        require_kind(home, kind)
    wanted = _filter(home, since, source, kind, severity)
    filtered = any((since, source, kind, severity))
    # what is filtered is counted afterwards: the newest N of those that are wanted
    found = _chosen(home, canary_id, incident_id, following, None if filtered else limit, with_acts)
    chosen: Iterable[Hit] = filter(wanted, found)
    if filtered and limit is not None and not following:
        chosen = deque(chosen, limit)
    found_parts = (each_with_parts if following else with_parts)(home, chosen)
    if as_json:
        for hit, parts in found_parts:
            emit(hit.as_dict() | parts.as_dict())
    elif not _listed(found_parts, home.settings.operator.timezone):
        say("no hits are like that" if filtered else "no hits yet")


def _tell_remote(hit: RemoteHit) -> None:
    used = f"{hit.kind} {hit.facet} through {hit.trap}"
    tell(f"{hit.observed_at[:19]}Z  {hit.canary}  {visible(used)}  {hit.incident}")
    tell(f"  {visible(f'{hit.ip} port {hit.port}')}  {visible(str(hit.said.get('request', '')), limit=200)}")


def _listed(hits: Iterable[tuple[Hit, HitParts]], zone: str) -> int:
    """Print them for people; how many there were."""
    from listener.commands import _hit_lines

    count, width = 0, terminal.width()
    for count, (hit, parts) in enumerate(hits, 1):
        if count == 1:
            tell(_hit_lines.heading(zone))
        tell(_hit_lines.two_lines(hit, zone, width))
        for said in beneath(parts):
            tell(terminal.cut(said, width))
    return count


def _filter(
    home: Home, since: str | None, source: str | None, kind: str | None, severity: str | None
) -> Callable[[Hit], bool]:
    """Whether a hit is wanted. Raises TraplineError where a time or a network is none."""
    from canaries.core import clock
    from listener.incidents import briefing
    from listener.incidents.hit_briefing import severity_of

    begin = clock.since(since, home.clock.now()) if since else ""
    try:
        network = ipaddress.ip_network(source, strict=False) if source else None
    except ValueError:
        raise TraplineError(f"{source!r} is not a network", hint="write an address or CIDR") from None
    least = briefing.rank(severity) if severity else 0

    def wanted(hit: Hit) -> bool:
        return (
            hit.observed_at >= begin
            and (not kind or hit.kind == kind)
            and (network is None or _within(hit.ip, network))
            and (not severity or briefing.rank(severity_of(hit)) >= least)
        )

    return wanted


def _within(ip: str, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    try:
        return ipaddress.ip_address(ip) in network
    except ValueError:
        return False


def _chosen(
    home: Home,
    canary_id: str | None,
    incident_id: str | None,
    following: bool,
    limit: int | None,
    parts: bool,
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
        found = queries.hits(home, canary=canary, incident=incident, parts=parts)
    else:
        found = queries.newest(home, limit, canary=canary, incident=incident, parts=parts)
    for hit in found:
        last = hit.id
        yield hit
    if following:
        pause = threading.Event()
        wait = lambda: pause.wait(_POLL_SECONDS)  # noqa: E731  never set: Ctrl-C ends it
        yield from queries.follow(home, wait, canary=canary, incident=incident, after_id=last, parts=True)


def beneath(parts: HitParts) -> list[str]:
    """What belongs to a hit, for people: what was done behind it, how often its name was looked up."""
    said = [f"then: {visible(parts.then, limit=300)}"] if parts.then else []
    said += [f"proof: {parts.proof}"] if parts.proof and parts.proof.how != "in clear" else []
    said += [f"its name was looked up {counted(parts.lookups, 'time')} beside it"] if parts.lookups else []
    return [f"  {text}" for text in said]
