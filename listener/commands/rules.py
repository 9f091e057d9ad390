"""Keep your own scanners quiet: their hits are marked, not alerted."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from canaries.client.options import by_server
from canaries.core.text import visible
from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.client.api_client import ApiClient

SECTION = "What was caught"


@click.group(cls=CommandGroup)
def command() -> None:
    """Rules that mark hits as your own and keep them quiet; everything is recorded all the same."""


def _list_by_server(api: ApiClient, as_json: bool) -> None:
    _tell([one.said for one in api.rules()], as_json)


@command.command("list")
@json_option
@by_server(_list_by_server)
@pass_session
def listed(session: Session, as_json: bool) -> None:
    """List the rules that hold now."""
    from listener.notify import rules

    home = session.home()
    with home.store.read() as connection:
        found = rules.load(connection, home, home.now())
    _tell([one.as_dict() for one in found], as_json)


def _propose_by_server(api: ApiClient, incident: str, as_json: bool) -> None:
    _tell_proposal(api.propose_rule(api.incident_called(incident).id), incident, as_json)


@command.command()
@click.argument("incident", metavar="INCIDENT")
@json_option
@by_server(_propose_by_server)
@pass_session
def propose(session: Session, incident: str, as_json: bool) -> None:
    """Show what a rule could be that marks hits like the newest one of INCIDENT. Nothing is changed."""
    from listener.notify import rule_proposals

    _tell_proposal(
        dataclasses.asdict(rule_proposals.of_incident(session.home(), incident)), incident, as_json
    )


def _add_by_server(
    api: ApiClient,
    networks: tuple[str, ...],
    client: str,
    canary: str,
    incident: str,
    mute: bool,
    lasting: str,
    owner: str,
    reason: str,
    as_json: bool,
) -> None:
    if incident:
        proposed = api.propose_rule(api.incident_called(incident).id)
        networks, client = networks or tuple(proposed["networks"]), client or str(proposed["client"])
    made = api.add_rule(
        reason,
        mark="mute" if mute else "own",
        networks=networks,
        client=client,
        canary=api.canary_called(canary).id if canary else "",
        lasting=lasting,
        owner=owner,
    )
    _tell([made.said], as_json)


@command.command()
@click.option("--network", "networks", multiple=True, metavar="CIDR", help="Where your scanner comes from.")
@click.option("--client", default="", metavar="TEXT", help="A part of what it says it is.")
@click.option("--canary", default="", metavar="ID", help="Only uses of this canary.")
@click.option(
    "--incident", default="", metavar="ID", help="Propose network and client from this incident's newest hit."
)
@click.option("--mute", is_flag=True, help="Not a scanner: keep this canary quiet for a while.")
@click.option(
    "--for", "lasting", default="90d", show_default=True, metavar="TIME", help="30m, 12h, 90d or a date."
)
@click.option("--owner", default="", help="Who answers for it; your own name where left out.")
@click.option(
    "--reason", required=True, metavar="WHY", help="Why; kept in the ledger and in each marked hit."
)
@json_option
@by_server(_add_by_server)
@pass_session
def add(
    session: Session,
    networks: tuple[str, ...],
    client: str,
    canary: str,
    incident: str,
    mute: bool,
    lasting: str,
    owner: str,
    reason: str,
    as_json: bool,
) -> None:
    """Mark hits from now on: all that is given must apply."""
    from canaries.core.clock import until
    from canaries.mint import catalogue
    from listener.notify import rule_proposals, rules

    home = session.home()
    if incident:
        proposed = rule_proposals.of_incident(home, incident)
        networks, client = networks or proposed.networks, client or proposed.client
    made = rules.add(
        home,
        "mute" if mute else "own",
        expires_at=until(lasting, home.clock.now()),
        reason=reason,
        owner=owner,
        networks=networks,
        client=client,
        canary=catalogue.find(home, canary).id if canary else "",
    )
    _tell([made.as_dict()], as_json)


def _review_by_server(api: ApiClient, rule_id: str, lasting: str, reason: str, as_json: bool) -> None:
    _tell([api.review_rule(api.rule(rule_id), lasting, reason).said], as_json)


@command.command()
@click.argument("rule_id", metavar="RULE")
@click.option("--for", "lasting", required=True, metavar="TIME", help="From now on: 12h, 90d or a date.")
@click.option("--reason", required=True, metavar="WHY", help="Why it is still needed; kept in the ledger.")
@json_option
@by_server(_review_by_server)
@pass_session
def review(session: Session, rule_id: str, lasting: str, reason: str, as_json: bool) -> None:
    """Let a rule go on until another time, under your name; status names what nobody reviewed for a month."""
    from canaries.core.clock import until
    from listener.notify import rules

    home = session.home()
    _tell([rules.review(home, rule_id, until(lasting, home.clock.now()), reason).as_dict()], as_json)


def _remove_by_server(api: ApiClient, rule_id: str, reason: str) -> None:
    api.end_rule(rule_id, reason)
    say(f"rule {rule_id} has ended")


@command.command()
@click.argument("rule_id", metavar="RULE")
@click.option("--reason", default="", metavar="WHY", help="Why; kept in the ledger.")
@by_server(_remove_by_server)
@pass_session
def remove(session: Session, rule_id: str, reason: str) -> None:
    """End a rule before its time. Hits that it marked stay marked."""
    from listener.notify import rules

    rules.remove(session.home(), rule_id, reason)
    say(f"rule {rule_id} has ended")


def _tell(found: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    for one in found:
        emit(one) if as_json else tell(_line(one), indent=2)
    if not found and not as_json:
        say("no rules; your own scanner: trapline rules add --network CIDR --client NAME --reason WHY")


def _tell_proposal(found: Mapping[str, Any], incident: str, as_json: bool) -> None:
    if as_json:
        emit({**found, "networks": list(found["networks"]), "canaries": list(found["canaries"])})
        return
    tell(f"networks: {', '.join(found['networks']) or 'none'}")
    tell(f"client contains: {visible(found['client']) or 'anything'}")
    tell(f"canaries: {', '.join(found['canaries'])}", indent=2)
    say(f"If that is yours: trapline rules add --incident {visible(incident)} --reason WHY")


def _line(one: Mapping[str, Any]) -> str:
    """One rule for people."""
    what = [", ".join(one["networks"]), f"client ~ {one['client']}" if one["client"] else "", one["canary"]]
    given = "; ".join(filter(None, what))
    reviewed = f"  reviewed {one['reviewed_at'][:10]} by {one['reviewed_by']}" if one["reviewed_at"] else ""
    until = f"until {one['expires_at'][:16]}Z"
    return visible(
        f"{one['id']}  {one['mark']:<4}  {until}  {given}  ({one['owner']}: {one['reason']}){reviewed}"
    )
