"""Incidents that may be one actor's: confirm or reject a link."""

from __future__ import annotations

from dataclasses import asdict

import click

from canaries.core.errors import TraplineError
from canaries.core.text import counted, visible
from canaries.installation.option_rules import only_with
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

SECTION = "What was caught"


@click.command()
@click.argument("incident_id", metavar="[ID]", required=False)
@click.option("--confirm", metavar="OTHER", help="Say that the incident and OTHER belong together.")
@click.option("--reject", metavar="OTHER", help="Say that they do not: it is not suggested again.")
@click.option("--reason", default="", metavar="TEXT", help="With --confirm or --reject: why.")
@json_option
@pass_session
def command(
    session: Session,
    incident_id: str | None,
    confirm: str | None,
    reject: str | None,
    reason: str,
    as_json: bool,
) -> None:
    """Suggest which incidents may be one actor's, with weight and reasons; confirm or reject.

    Without ID: all links and campaigns. A suggestion joins nothing and is no evidence; a decision is an entry of the
    ledger in both incidents. To move hits: trapline incident ID --merge OTHER.
    """
    from listener.incidents import linking, queries

    only_with("--confirm or --reject", confirm or reject, reason=reason)
    home = session.home()
    if confirm or reject:
        if not incident_id or (confirm and reject):
            raise TraplineError(
                "name one incident, and another with --confirm or --reject", hint="see: trapline links --help"
            )
        word = linking.CONFIRMED if confirm else linking.REJECTED
        entries = linking.decide(home, incident_id, confirm or reject or "", word, reason)
        say(f"written as {visible(home.operator)}: entries {' and '.join(entries)}")
        if as_json:
            emit({"entries": list(entries), "decision": word})
        return
    wanted = queries.incident(home, incident_id).id if incident_id else ""
    found = linking.suggestions(home)
    links = [link for link in found.links if not wanted or wanted in link.pair]
    said = [item for item in linking.decisions(home) if not wanted or wanted in item.pair]
    groups = [group for group in found.campaigns if not wanted or wanted in group]
    if as_json:
        for link in links:
            emit(
                {
                    "link": list(link.pair),
                    "bits": round(link.bits, 2),
                    "reasons": [asdict(r) for r in link.reasons],
                }
            )
        for group in groups:
            emit({"campaign": list(group)})
        for item in said:
            emit({"decision": item.decision, "link": list(item.pair), "by": item.by, "at": item.at,
                  "reason": item.reason})  # fmt: skip
        return
    for link in links:
        tell(f"{link.pair[0]} and {link.pair[1]}: {link.bits:.1f} bits beyond chance", indent=2)
        for reason_ in link.reasons:
            tell(f"  {reason_.bits:+6.1f}  {visible(reason_.sentence)}", indent=10)
    for group in groups:
        tell(f"suggested campaign of {counted(len(group), 'incident')}: {', '.join(group)}", indent=2)
    for item in said:
        tell(
            f"{item.decision} by {visible(item.by)}, {item.at}: {' and '.join(item.pair)}. {visible(item.reason)}",
            indent=2,
        )
    if not links and not said:
        say("no incidents have enough in common")
