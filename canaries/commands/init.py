"""Make an installation: settings, keys, database."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from canaries.commands._warnings import warn
from canaries.core.errors import SettingsError
from canaries.installation.session import Session, pass_session, say

if TYPE_CHECKING:
    from canaries.installation.new_settings import NewSettings

SECTION = "Start"

_WAYS = {"1": "here", "2": "address", "3": "domain"}


@click.command()
@click.option("--domain", help="Your catch domain: every name under it leads to the listener.")
@click.option(
    "--listen", "address", metavar="HOST:PORT", help="Where the HTTP trap listens (default 127.0.0.1:8080)."
)
@click.option(
    "--reached-at",
    "reached",
    metavar="WHERE",
    help="The name, address or URL at which others reach this machine, if no --domain leads here.",
)
@click.option("--alerts", metavar="WHERE", help="A webhook (Slack, Discord, Teams, any other) or a mailbox.")
@click.option("--mail-server", default="", metavar="HOST[:PORT]", help="For alerts by e-mail.")
@click.option("--mail-user", default="", help="Who signs in at the mail server.")
@click.option("--database", metavar="URL", help="postgresql://user@host/name (default: SQLite in the home).")
@click.option("--organisation", default="", help="Who runs this installation; printed on dossiers.")
@click.option("--no-questions", is_flag=True, help="Ask nothing, on a terminal either.")
@pass_session
def command(
    session: Session,
    domain: str | None,
    address: str | None,
    reached: str | None,
    alerts: str | None,
    mail_server: str,
    mail_user: str,
    database: str | None,
    organisation: str,
    no_questions: bool,
) -> None:
    """Make a home: settings, keys, database.

    On a terminal, and without options, it asks where intruders will reach you, where alerts go, and which database.
    Nothing is written before the last answer. Without --domain and --reached-at, bait points to this machine's own
    address: right for a first try, and for traps inside a network.
    """
    from canaries.installation.new_settings import NewSettings, channel, database_url, domain_name, places

    given = (domain, address, reached, alerts, database, organisation, mail_server, mail_user)
    if not any(given) and not no_questions and sys.stdin.isatty() and sys.stderr.isatty():
        _refuse_taken(session)
        new = _asked()
    else:
        name = domain_name(domain) if domain else ""
        bind, base_url = places(name, address or "", reached or "")
        lines = channel(alerts or "", mail_server, mail_user)
        new = NewSettings(name, base_url, bind, lines, database_url(database or ""), organisation)
    _make(session, new)


def _make(session: Session, new: NewSettings) -> None:
    from canaries.core.render import render
    from canaries.installation.home import Home
    from canaries.installation.new_settings import toml_text
    from canaries.installation.reachability import obstacles

    toml = render(
        "trapline.toml.j2",
        domain=new.domain,
        base_url=toml_text(new.base_url),
        bind=new.bind,
        log=toml_text(os.path.realpath(session.path / "alerts.ndjson")),
        organisation=toml_text(new.organisation),
        channel=new.channel,
        database=toml_text(new.database) if new.database else "",
    )
    with Home.create(session.path, toml) as home:
        _ = home.store  # as the next command will find it
        found = list(obstacles(home.settings))
    say(f"A new installation in {session.path}: trapline.toml, keys, database.")
    say(f"Bait will lead to {new.base_url}")
    warn(found)
    say("Keep a copy of its keys folder somewhere safe: without keys/vault nobody can read what was caught.")
    if new.channel:
        say("Try the alerts: trapline alerts test")
    say("Next: trapline mint url --memo 'my first bait'")


def _refuse_taken(session: Session) -> None:
    """Before the first question: a folder that cannot be used makes the answers worthless."""
    from canaries.core.errors import HomeError

    if session.path.exists() and any(session.path.iterdir()):
        raise HomeError(f"{session.path} is not empty", hint="give another folder with --home")


def _asked() -> NewSettings:
    """The three things that matter, from whoever sits at the terminal."""
    from canaries.installation.new_settings import (
        NewSettings,
        channel,
        database_url,
        domain_name,
        places,
        reached_at,
    )

    say("Where will intruders reach you?")
    say("  1  only on this machine: to try it out")
    say("  2  at a name or address of this machine")
    say("  3  at a domain of its own, whose every name leads here (best: docs/deploy.md)")
    way = _WAYS[_ask("Choose", "1", _one_of_the_ways)]
    domain = reached = listen = ""
    if way == "domain":
        domain = _ask("The domain", None, domain_name)
    elif way == "address":
        listen = "0.0.0.0:8080"
        reached = _ask("The name or address", None, lambda text: reached_at(text, "8080"))
    bind, base_url = places(domain, listen, reached)
    say("Where do alerts go? The address of a Slack, Discord, Teams or other webhook, or a mailbox;")
    alerts = _ask("  Enter for a file in the home only", "", _place_of_alerts)
    server = user = ""
    if _is_mailbox(alerts):
        server = _ask("Your mail server (HOST or HOST:PORT)", None, lambda text: _mail_server(alerts, text))
        user = _ask("Who signs in there (Enter: nobody)", "", str.strip)
    say("Which database? postgresql://USER@HOST/NAME;")
    database = _ask("  Enter for SQLite in the home", "", lambda text: database_url(text.strip()))
    organisation = _ask("Who runs this installation, for dossiers (Enter: say it later)", "", str.strip)
    return NewSettings(domain, base_url, bind, channel(alerts, server, user), database, organisation)


def _ask(question: str, default: str | None, checked: Callable[[str], str]) -> str:
    """One answer; a bad one is said and asked again."""

    def value(text: str) -> str:
        try:
            return checked(text)
        except SettingsError as error:
            raise click.UsageError(f"{error.sentence} ({error.hint})") from None

    answer: str = click.prompt(
        question, default=default, show_default=bool(default), err=True, value_proc=value
    )
    return answer


def _one_of_the_ways(text: str) -> str:
    if text.strip() not in _WAYS:
        raise SettingsError(f"{text!r} is none of them", hint="1, 2 or 3")
    return text.strip()


def _is_mailbox(alerts: str) -> bool:
    return "@" in alerts and "://" not in alerts


def _place_of_alerts(text: str) -> str:
    from canaries.installation.new_settings import channel

    alerts = text.strip()
    channel(alerts, "mail.example" if _is_mailbox(alerts) else "")
    return alerts


def _mail_server(alerts: str, text: str) -> str:
    from canaries.installation.new_settings import channel

    channel(alerts, text.strip())
    return text.strip()
