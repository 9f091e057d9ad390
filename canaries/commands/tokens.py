"""API tokens: make one for a program, see its use, revoke it."""

from __future__ import annotations

from dataclasses import asdict

import click

from canaries.core.text import visible
from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell

SECTION = "Team"


@click.group(cls=CommandGroup)
def command() -> None:
    """API tokens: make one for a program, see when each was last used, revoke it."""


@command.command()
@click.argument("account")
@click.option("--name", required=True, help="What it is for: the pipeline, the machine.")
@click.option(
    "--scope", "scopes", multiple=True, metavar="SCOPE", help="Only this; repeatable. Else: all of the role."
)
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 366), help="How long it lives.")
@json_option
@pass_session
def create(
    session: Session, account: str, name: str, scopes: tuple[str, ...], days: int, as_json: bool
) -> None:
    """Make a token of ACCOUNT and print it, once: it is kept as a hash."""
    from canaries.accounts import accounts, tokens

    home = session.home()
    made, secret = tokens.create(home, accounts.find(home, account), name, scopes, days)
    if as_json:
        emit({**asdict(made), "token": secret})
        return
    tell(secret)
    say(f"Token {made.id} of {made.account}, until {made.expires_at[:10]}: {' '.join(made.scopes)}")


@command.command("list")
@click.argument("account", required=False)
@json_option
@pass_session
def list_(session: Session, account: str | None, as_json: bool) -> None:
    """Show tokens, newest first, with their last use."""
    from canaries.accounts import accounts, tokens

    home = session.home()
    now = home.now()
    found = tokens.listing(home, accounts.find(home, account).id if account else None)
    for one in found:
        if as_json:
            emit(asdict(one))
            continue
        state = (
            "revoked"
            if one.revoked_at
            else "expired"
            if one.expires_at <= now
            else f"until {one.expires_at[:10]}"
        )
        used = f"used {one.used_at[:16]}Z from {one.used_from}" if one.used_at else "never used"
        tell(
            f"{one.id}  {one.account}  {visible(one.name)}  {state}  {visible(used)}  {' '.join(one.scopes)}",
            indent=2,
        )
    if not found and not as_json:
        say("No tokens yet. Next: trapline tokens create ACCOUNT --name WHAT")


@command.command()
@click.argument("token_id", metavar="ID")
@click.option("--reason", default="", metavar="WHY", help="Kept in the ledger.")
@pass_session
def revoke(session: Session, token_id: str, reason: str) -> None:
    """Revoke a token, at once."""
    from canaries.accounts import tokens

    found = tokens.revoke(session.home(), token_id, reason)
    say(f"Token {found.id} of {found.account} opens nothing any more.")
