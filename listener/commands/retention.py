"""Remove the raw bytes of old hits, as the settings say."""

from __future__ import annotations

import click

from canaries.core.text import counted
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would go, and touch nothing.")
@json_option
@pass_session
def command(session: Session, dry_run: bool, as_json: bool) -> None:
    """Remove the raw bytes of old hits, as `[retention]` says; the listener does so by itself once a day.

    Once operators have enrolled keys only they can run it: one signs, and a second approves where there are two.
    Entries, facts, leaves and proofs of the ledger stay; an entry says what was removed and why. The raw bytes of
    an incident go together, once its last hit is old enough.
    """
    from listener.ingest import retention

    home = session.home()
    proposed: list[str] = []
    if dry_run:
        found = retention.due(home)
    elif retention.operators_sign(home):
        found, proposed = retention.apply_signed(home)
    else:
        found = retention.apply(home, home.operator)
    for one in found:
        if as_json:
            emit({"incident": one.incident, "kind": one.kind, "days": one.days, "hits": len(one.hits)})
        else:
            verb = "would lose" if dry_run or proposed else "lost"
            tell(
                f"incident {one.incident}: {counted(len(one.hits), 'hit')} of {one.kind} {verb} raw bytes "
                f"older than {one.days} days"
            )
    for name in proposed:
        say(f"another operator has to approve it: trapline operator approve {name}")
    if not found and not as_json:
        say("no raw bytes are old enough to go; [retention] in trapline.toml says when")
