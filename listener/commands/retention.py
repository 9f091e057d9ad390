"""Remove what is older than the settings keep it."""

from __future__ import annotations

import click

from canaries.core.text import counted
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

SECTION = "Evidence"


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would go, and touch nothing.")
@json_option
@pass_session
def command(session: Session, dry_run: bool, as_json: bool) -> None:
    """Remove the raw bytes of old hits, and what old look-ups say, as `[retention]` says; the listener does so by
    itself once a day.

    Once operators have enrolled keys only they can run it: one signs, and a second approves where there are two.
    Entries, facts, leaves and proofs of the ledger stay; an entry says what was removed and why. The raw bytes of
    an incident go together, once its last hit is old enough. Of look-ups of watched records their times, their numbers
    and which watches they touched stay.
    """
    from listener.ingest import retention
    from listener.lookups import erasing

    home = session.home()
    proposed: list[str] = []
    if dry_run:
        found, looked = retention.due(home), erasing.due(home)
    elif retention.operators_sign(home):
        found, proposed = retention.apply_signed(home)
        looked, more = erasing.apply_signed(home)
        proposed += more
    else:
        found, looked = retention.apply(home, home.operator), erasing.apply(home, home.operator)
    undone = dry_run or bool(proposed)
    for one in found:
        if as_json:
            about = {"incident": one.incident, "canary": one.canary, "kind": one.kind, "days": one.days}
            emit({**about, "hits": len(one.hits)})
        else:
            verb = "would lose" if undone else "lost"
            tell(
                f"incident {one.incident}, canary {one.canary}: {counted(len(one.hits), 'hit')} of {one.kind} "
                f"{verb} raw bytes older than {one.days} days",
                indent=2,
            )
    if looked:
        _lookups(erasing.count(looked), home.settings.retention.lookups_days, undone=undone, as_json=as_json)
    for name in proposed:
        say(f"another operator has to approve it: trapline operator approve {name}")
    if not found and not looked and not as_json:
        say("nothing is old enough to go; [retention] in trapline.toml says when")


def _lookups(count: int, days: int, *, undone: bool, as_json: bool) -> None:
    if as_json:
        emit({"incident": "", "kind": "look-ups", "days": days, "hits": 0, "lookups": count})
    else:
        verb = "would be erased" if undone else "were erased"
        tell(f"{counted(count, 'look-up')} older than {days} days {verb}; times and numbers stay", indent=2)
