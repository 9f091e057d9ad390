"""Legal holds: keep records from erasure and retention."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import click

from canaries.core.text import visible
from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell

SECTION = "Evidence"

_UNTIL = click.option(
    "--until", "until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="When it is looked at again."
)


@click.group(cls=CommandGroup)
def command() -> None:
    """Legal holds: keep an incident or a canary from erasure and retention until its owner releases it.

    What is held loses no raw bytes and no record. Each step is an entry; `status` says when a review is due.
    """


@command.command()
@click.option("--incident", help="Id of the incident (its unique beginning is enough).")
@click.option("--canary", help="Id of the canary: whatever incident its hits are in.")
@click.option("--owner", required=True, help="Who decides about it: a name or an office.")
@click.option("--reason", required=True, help="On what ground; kept in the ledger.")
@_UNTIL
@pass_session
def place(
    session: Session, incident: str | None, canary: str | None, owner: str, reason: str, until: datetime
) -> None:
    """Place a hold on an incident or a canary."""
    if (incident is None) == (canary is None):
        raise click.UsageError("give either --incident or --canary")
    from canaries.mint import catalogue
    from canaries.operators import holds
    from listener.incidents import operator_acts

    home = session.home()
    if incident is not None:
        with home.store.read() as connection:
            name = operator_acts.resolve(connection, incident)
        made = holds.place(home, "incident", name, owner=owner, reason=reason, review=until.date())
    else:
        name = catalogue.find(home, canary or "").id
        made = holds.place(home, "canary", name, owner=owner, reason=reason, review=until.date())
    say(f"Held: the {made.noun} {made.name} (hold {made.id}). Its review is due {made.review}.")


@command.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """Show the holds that stand, with owner and reason."""
    from canaries.operators import holds

    home = session.home()
    with home.store.read() as connection:
        every = holds.standing(connection)
    for one in every:
        said = holds.words(home, one)
        if as_json:
            emit({**asdict(one), **said})
        else:
            tell(
                f"{one.id}  {one.noun} {one.name}, review {one.review}, owner {visible(said['owner'])}, "
                f"by {visible(said['by'])}: {visible(said['reason'])}",
                indent=2,
            )
    if not every and not as_json:
        say("nothing is under legal hold")


@command.command()
@click.argument("hold", metavar="ID")
@_UNTIL
@click.option("--reason", default="", help="Why it goes on; kept in the ledger.")
@pass_session
def review(session: Session, hold: str, until: datetime, reason: str) -> None:
    """Keep a hold, and say when it is looked at again."""
    from canaries.operators import holds

    made = holds.review(session.home(), hold, until.date(), reason)
    say(f"The {made.noun} {made.name} stays held; its next review is due {made.review}.")


@command.command()
@click.argument("hold", metavar="ID")
@click.option("--reason", required=True, help="Why it ends; kept in the ledger.")
@pass_session
def release(session: Session, hold: str, reason: str) -> None:
    """Lift a hold: from now on erasure and retention apply again."""
    from canaries.operators import holds

    old = holds.release(session.home(), hold, reason)
    say(f"The {old.noun} {old.name} is no longer held.")
