"""Show one incident; write a note or an assessment; close it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from canaries.client.options import by_server
from canaries.core.text import visible
from canaries.installation.session import COUNTING, Session, emit, json_option, pass_session, say, tell
from listener.commands._incident_desks import HomeDesk, ServerDesk

if TYPE_CHECKING:
    from canaries.client.api_client import ApiClient

SECTION = "What was caught"

_SHOWN = 100
_ACTS = (
    "note",
    "assess",
    "rate",
    "split",
    "merge",
    "closing",
    "reopening",
    "assign",
    "acknowledge",
    "snooze",
)
_UNSAID = ("snooze", "")


def _by_server(
    api: ApiClient, incident_id: str, hypotheses: bool, limit: int, as_json: bool, **given: Any
) -> None:
    """The same by the API."""
    from listener.commands import _incident_lines

    if _acted(ServerDesk(api), incident_id, given, as_json):
        return
    if hypotheses:
        _incident_lines.explanations(api.explanations(api.incident_called(incident_id).id), as_json)
    else:
        _incident_lines.show_remote(api, incident_id, limit, as_json)


@click.command()
@click.argument("incident_id", metavar="ID")
@click.option("--note", metavar="TEXT", help="Write a note.")
@click.option("--assess", metavar="TEXT", help="Write an assessment, with --likelihood and --confidence.")
@click.option("--likelihood", metavar="WORD", help="almost-no-chance ... almost-certain (ICD 203).")
@click.option("--confidence", metavar="WORD", help="low, moderate or high: how good the basis is.")
@click.option("--because", default="", metavar="TEXT", help="Why the confidence is what it is.")
@click.option(
    "--alternative", "alternatives", multiple=True, metavar="TEXT", help="Another explanation weighed."
)
@click.option(
    "--assumption", "assumptions", multiple=True, metavar="TEXT", help="What the judgement takes for granted."
)
@click.option("--evidence", multiple=True, metavar="ID", help="A hit or an entry that it rests on.")
@click.option("--would-change", default="", metavar="TEXT", help="What finding would change it.")
@click.option(
    "--rate", metavar="NAME", help="Say how likely an explanation is, with --likelihood; see --hypotheses."
)
@click.option(
    "--hypotheses", is_flag=True, help="The competing explanations, and what speaks for and against each."
)
@click.option(
    "--split", multiple=True, metavar="ID", help="Move a hit, or all of a canary, to a new incident."
)
@click.option("--merge", metavar="OTHER", help="Move all hits of another incident into this one.")
@click.option("--close", "closing", is_flag=True, help="Close: a later hit opens a new incident.")
@click.option(
    "--outcome",
    type=click.Choice(["real", "test", "false-alarm", "own-scanner"]),
    help="With --close: what it turned out to be.",
)
@click.option("--reopen", "reopening", is_flag=True, help="Open it again.")
@click.option("--assign", metavar="NAME", help="Say who looks after it; -: nobody any more.")
@click.option("--acknowledge", is_flag=True, help="You know: only something weightier is told from now on.")
@click.option("--snooze", default="", metavar="TIME", help="The same until then: 30m, 12h, 2d.")
@click.option("--reason", default="", metavar="TEXT", help="Why; kept in the ledger.")
@click.option("--limit", type=COUNTING, default=_SHOWN, show_default=True, help="Hits shown, newest.")
@json_option
@by_server(_by_server)
@pass_session
def command(
    session: Session, /, incident_id: str, hypotheses: bool, limit: int, as_json: bool, **given: Any
) -> None:
    """Show one incident, or write into it under your name (TRAPLINE_OPERATOR, else your login).

    What was observed, what was derived and what a person assessed are shown apart. Writing is an entry in the ledger.
    """
    from listener.commands import _incident_lines

    home = session.home()
    if _acted(HomeDesk(home), incident_id, given, as_json):
        return
    if hypotheses:
        from listener.incidents import explained, queries

        found = queries.incident(home, incident_id)
        _incident_lines.explanations(explained.listing(home, found), as_json)
    else:
        _incident_lines.show(home, incident_id, limit, as_json)


def _acted(desk: HomeDesk | ServerDesk, incident: str, given: dict[str, Any], as_json: bool) -> bool:
    """Do what is asked for; False: nothing is. Raises UsageError."""
    wanted = [
        name for name in _ACTS if given[name] not in (None, False, ()) and (name, given[name]) != _UNSAID
    ]
    if len(wanted) > 1:
        raise click.UsageError(
            "give one of --note, --assess, --rate, --split, --merge, --close, --reopen, --assign, --acknowledge and"
            " --snooze at a time"
        )
    act = wanted[0] if wanted else ""
    _refuse_unused(act, given)
    if not act:
        return False
    if act in ("split", "merge"):
        into = getattr(desk, act)(incident, given[act], given["reason"])
        emit({"incident": into}) if as_json else tell(f"the hits are now in incident {into}")
        return True
    entry = _entry(desk, act, incident, given)
    say(f"written as {visible(desk.name)}: entry {entry}")
    if as_json:
        emit({"entry": entry})
    return True


_USED = {
    "likelihood": ("assess", "rate"),
    "because": ("assess", "rate"),
    **dict.fromkeys(("confidence", "alternatives", "assumptions", "evidence", "would_change"), ("assess",)),
    "outcome": ("closing",),
    "reason": ("split", "merge", "closing", "reopening", "assign", "acknowledge", "snooze"),
}
"""Which acts an option is for: with another one it would be left out of the ledger without a word."""


def _refuse_unused(act: str, given: dict[str, Any]) -> None:
    flags = {one.name: one.opts[-1] for one in click.get_current_context().command.params}
    for name, acts in _USED.items():
        if given[name] and act not in acts:
            raise click.UsageError(f"{flags[name]} needs {' or '.join(str(flags[one]) for one in acts)}")


def _entry(desk: HomeDesk | ServerDesk, act: str, incident: str, given: dict[str, Any]) -> str:
    """Write one; the id of its entry."""
    reason, likelihood = given["reason"], given["likelihood"]
    if act == "assess":
        if likelihood is None or given["confidence"] is None:
            raise click.UsageError("--assess needs --likelihood and --confidence")
        texts = {name: list(given[name]) for name in ("alternatives", "assumptions", "evidence")}
        more: dict[str, Any] = {**texts, "because": given["because"], "would_change": given["would_change"]}
        return desk.assess(incident, given["assess"], likelihood, given["confidence"], **more)
    if act == "rate":
        if likelihood is None:
            raise click.UsageError("--rate needs --likelihood")
        return desk.rate(incident, given["rate"], likelihood, given["because"])
    if act == "assign":
        return desk.assign(incident, "" if given["assign"] == "-" else given["assign"], reason)
    if act in ("acknowledge", "snooze"):
        return desk.acknowledge(incident, given["snooze"], reason)
    if act == "closing":
        return desk.close(incident, reason, given["outcome"] or "")
    return desk.reopen(incident, reason) if act == "reopening" else desk.note(incident, given["note"])
