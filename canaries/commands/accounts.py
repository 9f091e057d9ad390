"""Accounts for console and API, and their roles."""

from __future__ import annotations

from dataclasses import asdict

import click

from canaries.core.text import visible
from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell

SECTION = "Team"

_REASON = click.option("--reason", required=True, metavar="WHY", help="Kept in the ledger.")
_WHY = click.option("--reason", default="", metavar="WHY", help="Kept in the ledger.")
_TAKEN_UP = "With trapline serve they open /invitation/CODE in the console; at this terminal: trapline accounts accept"
_ROLES = click.Choice(["planter", "analyst", "auditor", "admin"])


@click.group(cls=CommandGroup)
def command() -> None:
    """Accounts for console and API: make one, change its role, disable it, recover it.

    A planter mints and sees their own canaries, never hits. An analyst reads everything and works on incidents. An
    auditor reads everything and changes nothing. An admin may do all, and nobody can take a line out of the ledger.
    """


@command.command()
@click.argument("name")
@click.option("--role", required=True, type=_ROLES)
@_WHY
@json_option
@pass_session
def add(session: Session, name: str, role: str, reason: str, as_json: bool) -> None:
    """Make an account and print the code of its invitation, once: it is valid for a day.

    With the code its owner sets password and one-time codes in the console, or: trapline accounts accept. An account
    that only has tokens needs neither.
    """
    from canaries.accounts import accounts

    made, code = accounts.add(session.home(), name, role, reason)
    if as_json:
        emit({**asdict(made), "invitation": code})
        return
    tell(code)
    say(f"{made.name} is {made.role}. Hand this code to them; without it nobody signs in as {made.name}.")
    say(_TAKEN_UP)


@command.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """Show every account, its role and whether it can sign in."""
    from canaries.accounts import accounts

    home = session.home()
    found, now = accounts.listing(home), home.now()
    for one in found:
        if as_json:
            emit(asdict(one))
            continue
        live = f"{one.tokens} token{'' if one.tokens == 1 else 's'}"
        tell(f"{one.name:<24}  {one.role:<8}  {one.state(now)}, {live}", indent=2)
    if not found and not as_json:
        say(
            "No accounts yet: only who has a shell and the keys uses this. Next: trapline accounts add NAME --role R"
        )


@command.command()
@click.argument("name")
@click.argument("role", type=_ROLES)
@_WHY
@pass_session
def role(session: Session, name: str, role: str, reason: str) -> None:
    """Give an account another role, at once; its sessions end."""
    from canaries.accounts import accounts

    found = accounts.set_role(session.home(), name, role, reason)
    say(f"{found.name} is {found.role} now.")


@command.command()
@click.argument("name")
@_REASON
@pass_session
def disable(session: Session, name: str, reason: str) -> None:
    """Let neither password nor token of an account in any more; its sessions end at once."""
    from canaries.accounts import accounts

    say(f"{accounts.disable(session.home(), name, reason).name} is disabled.")


@command.command()
@click.argument("name")
@_REASON
@pass_session
def enable(session: Session, name: str, reason: str) -> None:
    """Let a disabled account in again."""
    from canaries.accounts import accounts

    say(f"{accounts.enable(session.home(), name, reason).name} can be used again.")


@command.command()
@click.argument("name")
@_REASON
@pass_session
def reset(session: Session, name: str, reason: str) -> None:
    """Recover an account: its password, one-time codes, sessions and tokens are gone; print a new invitation."""
    from canaries.accounts import accounts

    found, code = accounts.reset(session.home(), name, reason)
    tell(code)
    say(f"Hand this code to {visible(found.name)}; it is valid for a day.")
    say(_TAKEN_UP)


@command.command("sessions")
@click.argument("name")
@json_option
@pass_session
def sessions_(session: Session, name: str, as_json: bool) -> None:
    """Show where an account is signed in, and when each session was last used."""
    from canaries.accounts import accounts, sessions

    home = session.home()
    found = sessions.listing(home, accounts.find(home, name).id)
    for one in found:
        if as_json:
            emit(asdict(one))
            continue
        tell(
            f"{one.id}  since {one.created_at[:16]}Z  used {one.used_at[:16]}Z  from {visible(one.network)}",
            indent=2,
        )
    if not found and not as_json:
        say("Not signed in anywhere.")


@command.command("sign-out")
@click.argument("name")
@_REASON
@pass_session
def sign_out(session: Session, name: str, reason: str) -> None:
    """End all sessions of an account; its owner can sign in again."""
    from canaries.accounts import accounts, sessions

    home = session.home()
    found = accounts.find(home, name)
    many = sessions.end_all(home, found.id, reason)
    say(f"{found.name} is signed out: {many} session{'' if many == 1 else 's'} ended.")


@command.command()
@pass_session
def accept(session: Session) -> None:
    """Take up an invitation at this terminal: set a password and an authenticator."""
    from canaries.accounts import invitations

    home = session.home()
    code = click.prompt("Invitation", hide_input=True, err=True)
    opened = invitations.open_(home, code)
    say(f"{opened.name}, {opened.role}. Add this to your authenticator, then give its code:")
    tell(opened.uri)
    password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    totp = click.prompt("One-time code", err=True)
    say(f"{invitations.accept(home, code, opened.secret, password, totp)} signs in from now on.")
