"""What the database's own roles may do."""

from __future__ import annotations

import click

from canaries.installation.session import CommandGroup, Session, pass_session, say

SECTION = "Upkeep"


@click.group(cls=CommandGroup)
def command() -> None:
    """The database's own matters: what its roles may do."""


@command.command()
@click.option("--listener", required=True, metavar="ROLE", help="The login that trapline listen uses.")
@click.option("--operators", required=True, metavar="ROLE", help="The login that operators' commands use.")
@pass_session
def roles(session: Session, listener: str, operators: str) -> None:
    """Give two roles of PostgreSQL what they need: the listener's may add to the evidence, never change or delete it.

    Run it as the owner of the tables, again after each upgrade; then set store.url of each machine to its own role.
    """
    from canaries.core import roles as granting

    with session.home().store.write() as connection:
        granting.grant(connection, listener, operators)
    say(
        f"{listener} may only add to entries, leaves, checkpoints and raw bytes; {operators} may also erase content."
    )
