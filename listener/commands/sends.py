"""Announce what your alert service sends; all else is an alarm."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from canaries.core.text import visible
from canaries.installation.option_rules import not_with
from canaries.installation.session import (
    COUNTING,
    CommandGroup,
    Session,
    emit,
    json_option,
    pass_session,
    say,
    tell,
)

if TYPE_CHECKING:
    from listener.sensors.sends import AuthorisedSend

SECTION = "Insiders"


@click.group(cls=CommandGroup)
def command() -> None:
    """Authorised sends: announce what your alert service is about to send; anything else raises an alarm."""


@command.command()
@click.option(
    "--list",
    "list_",
    required=True,
    metavar="NAME",
    help="The list of recipients: canaries with the tag list:NAME are on it.",
)
@click.option("--text", default="", help="What it says, with {words} in place of what differs.")
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The same, from a file.",
)
@click.option(
    "--minutes", default=120, type=COUNTING, show_default=True, help="For how long copies may arrive."
)
@json_option
@pass_session
def authorise(
    session: Session, list_: str, text: str, file: Path | None, minutes: int, as_json: bool
) -> None:
    """Announce a send before it begins. With two_people in [traps.sensors] another operator has to approve it."""
    from canaries.core.errors import TraplineError
    from listener.sensors import sends

    not_with("--file", file, text=text)
    home = session.home()
    try:
        words = file.read_text("utf-8") if file else text
    except (OSError, UnicodeDecodeError) as error:
        raise TraplineError(f"{file} cannot be read: {type(error).__name__}") from error
    made = sends.one(home, sends.authorise(home, list_, words, minutes))
    emit(dataclasses.asdict(made)) if as_json else tell(line(made), indent=2)
    if made.state == sends.PROPOSED:
        say(f"another operator approves it: trapline sends approve {made.id}")


@command.command()
@click.argument("send_id", metavar="SEND")
@pass_session
def approve(session: Session, send_id: str) -> None:
    """Approve a send that another operator or a program announced."""
    from listener.sensors import sends

    sends.approve(session.home(), send_id)
    say(f"send {send_id} is authorised")


@command.command()
@click.argument("send_id", metavar="SEND")
@click.option("--reason", default="", metavar="WHY", help="Why; kept in the ledger.")
@pass_session
def revoke(session: Session, send_id: str, reason: str) -> None:
    """Take an announcement back: a copy that arrives from now on raises an alarm."""
    from listener.sensors import sends

    sends.revoke(session.home(), send_id, reason)
    say(f"send {send_id} is revoked")


@command.command("list")
@json_option
@pass_session
def listed(session: Session, as_json: bool) -> None:
    """List what was announced, newest first, with the copies that reached canary subscribers."""
    from listener.sensors import sends

    home = session.home()
    with home.store.read() as connection:
        found = sends.sends(connection, home)
    for one in found:
        emit(dataclasses.asdict(one)) if as_json else tell(line(one), indent=2)
    if not found and not as_json:
        say("nothing was announced; see: trapline sends authorise --help")


def line(one: AuthorisedSend) -> str:
    """One send for people."""
    approved = f", approved by {one.approved_by}" if one.approved_by else ""
    window = f"{one.from_at[:16]}Z to {one.until_at[:16]}Z"
    text = " ".join(one.text.split())[:60]
    return visible(
        f"{one.id}  {one.state}  {window}  {one.list}  {one.copies} seen  by {one.by}{approved}: {text}"
    )
