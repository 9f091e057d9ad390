"""Legal holds: keep records from erasure and retention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from canaries.client.options import by_server
from canaries.core.text import visible
from canaries.installation import written_time
from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.client.api_client import ApiClient

SECTION = "Evidence"

_UNTIL = click.option(
    "--until", "until", required=True, type=written_time.DAY, help="When it is looked at again."
)


@click.group(cls=CommandGroup)
def command() -> None:
    """Legal holds: keep an incident or a canary from erasure and retention until its owner releases it.

    What is held loses no raw bytes and no record. Each step is an entry; `status` says when a review is due.
    """


def _place_by_server(
    api: ApiClient, incident: str | None, canary: str | None, owner: str, reason: str, until: datetime
) -> None:
    if (incident is None) == (canary is None):
        raise click.UsageError("give either --incident or --canary")
    of = {"incident": api.incident_called(incident).id} if incident else {}
    of |= {"canary": api.canary_called(canary).id} if canary else {}
    _say_placed(api.place_hold(owner, f"{until:%Y-%m-%d}", reason, **of))


@command.command()
@click.option("--incident", help="Id of the incident (its unique beginning is enough).")
@click.option("--canary", help="Id of the canary: whatever incident its hits are in.")
@click.option("--owner", required=True, help="Who decides about it: a name or an office.")
@click.option("--reason", required=True, help="On what ground; kept in the ledger.")
@_UNTIL
@by_server(_place_by_server)
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
    _say_placed(asdict(made))


def _say_placed(made: Mapping[str, Any]) -> None:
    said = f"Held: the {made['noun']} {made['name']} (hold {made['id']})."
    say(f"{said} Its review is due {made['review']}.")


def _list_by_server(api: ApiClient, as_json: bool) -> None:
    _tell(list(api.holds()), as_json)


@command.command("list")
@json_option
@by_server(_list_by_server)
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """Show the holds that stand, with owner and reason."""
    from canaries.operators import holds

    home = session.home()
    with home.store.read() as connection:
        every = holds.standing(connection)
    _tell([{**asdict(one), **holds.words(home, one)} for one in every], as_json)


def _tell(every: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    for one in every:
        if as_json:
            emit(one)
        else:
            tell(
                f"{one['id']}  {one['noun']} {one['name']}, review {one['review']}, owner {visible(one['owner'])}, "
                f"by {visible(one['by'])}: {visible(one['reason'])}",
                indent=2,
            )
    if not every and not as_json:
        say("nothing is under legal hold")


def _called(api: ApiClient, hold: str) -> Mapping[str, Any]:
    """The one whose id, or that of what it is on, begins so. Raises NotFoundError."""
    from canaries.client.calls import only_one

    every = list(api.holds())
    found = [one for one in every if str(one["name"]).startswith(hold.strip().lower())]
    if len(found) == 1:
        return found[0]
    name = only_one(hold, "hold", (str(one["id"]) for one in every))
    return next(one for one in every if one["id"] == name)


def _review_by_server(api: ApiClient, hold: str, until: datetime, reason: str) -> None:
    _say_reviewed(api.review_hold(_called(api, hold)["id"], f"{until:%Y-%m-%d}", reason))


@command.command()
@click.argument("hold", metavar="ID")
@_UNTIL
@click.option("--reason", default="", help="Why it goes on; kept in the ledger.")
@by_server(_review_by_server)
@pass_session
def review(session: Session, hold: str, until: datetime, reason: str) -> None:
    """Keep a hold, and say when it is looked at again."""
    from canaries.operators import holds

    made = holds.review(session.home(), hold, until.date(), reason)
    _say_reviewed(asdict(made))


def _say_reviewed(made: Mapping[str, Any]) -> None:
    say(f"The {made['noun']} {made['name']} stays held; its next review is due {made['review']}.")


def _release_by_server(api: ApiClient, hold: str, reason: str) -> None:
    old = _called(api, hold)
    api.release_hold(old["id"], reason)
    _say_released(old)


@command.command()
@click.argument("hold", metavar="ID")
@click.option("--reason", required=True, help="Why it ends; kept in the ledger.")
@by_server(_release_by_server)
@pass_session
def release(session: Session, hold: str, reason: str) -> None:
    """Lift a hold: from now on erasure and retention apply again."""
    from canaries.operators import holds

    old = holds.release(session.home(), hold, reason)
    _say_released(asdict(old))


def _say_released(old: Mapping[str, Any]) -> None:
    say(f"The {old['noun']} {old['name']} is no longer held.")
