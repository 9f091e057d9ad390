"""Keep your own scanners quiet: their hits are marked, not alerted."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click

from canaries.core.text import visible
from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from listener.notify.rules import MarkingRule

SECTION = "What was caught"


@click.group(cls=CommandGroup)
def command() -> None:
    """Rules that mark hits as your own and keep them quiet; everything is recorded all the same."""


@command.command("list")
@json_option
@pass_session
def listed(session: Session, as_json: bool) -> None:
    """List the rules that hold now."""
    from listener.notify import rules

    home = session.home()
    with home.store.read() as connection:
        found = rules.load(connection, home, home.now())
    for one in found:
        emit(dataclasses.asdict(one)) if as_json else tell(line(one), indent=2)
    if not found and not as_json:
        say("no rules; your own scanner: trapline rules add --network CIDR --client NAME --reason WHY")


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
    emit(dataclasses.asdict(made)) if as_json else tell(line(made), indent=2)


@command.command()
@click.argument("rule_id", metavar="RULE")
@click.option("--reason", default="", metavar="WHY", help="Why; kept in the ledger.")
@pass_session
def remove(session: Session, rule_id: str, reason: str) -> None:
    """End a rule before its time. Hits that it marked stay marked."""
    from listener.notify import rules

    rules.remove(session.home(), rule_id, reason)
    say(f"rule {rule_id} has ended")


def line(one: MarkingRule) -> str:
    """One rule for people."""
    what = [", ".join(one.networks), f"client ~ {one.client}" if one.client else "", one.canary]
    given = "; ".join(filter(None, what))
    return visible(
        f"{one.id}  {one.mark:<4}  until {one.expires_at[:16]}Z  {given}  ({one.owner}: {one.reason})"
    )
