"""Alerts: try a channel, see what waits."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click

from canaries.core.errors import NotFoundError, SettingsError
from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from listener.notify.channels import Channel


@click.group(cls=CommandGroup)
def command() -> None:
    """Alerts: try a channel, see what waits."""


@command.command()
@click.argument("channel", required=False)
@pass_session
@click.pass_context
def test(ctx: click.Context, session: Session, channel: str | None) -> None:
    """Send a test alert now, through CHANNEL or every channel. Exit status 1 where one does not take it."""
    home = session.home()
    results = [_try(home, name, one) for name, one in _chosen(home, channel).items()]
    ctx.exit(0 if all(results) else 1)


@command.command()
@json_option
@pass_session
def status(session: Session, as_json: bool) -> None:
    """How each channel stands: waiting, delivered, failed, and why."""
    from canaries.core.text import visible
    from listener.notify import outbox

    home = session.home()
    configured = home.settings.channels
    with home.store.read() as connection:
        tallies = outbox.tallies(connection, list(configured))
    for tally in tallies:
        section = configured.get(tally.channel, {})
        if as_json:
            emit(dataclasses.asdict(tally) | {"type": section.get("type", ""), "configured": bool(section)})
            continue
        name = tally.channel or "(no channel yet)"
        tell(
            f"{visible(name):<16} {tally.waiting} waiting, {tally.delivered} delivered, {tally.failed} failed"
        )
        for label, value in (
            ("oldest waiting", tally.oldest_waiting),
            ("last delivered", tally.last_delivered),
            ("last problem", tally.problem),
        ):
            if value:
                tell(f"  {label}: {visible(value)}")
    if not configured:
        say(
            "No channel is configured, so nobody is told: alerts wait. Add a [channels.NAME] section to trapline.toml."
        )


def _chosen(home: Home, name: str | None) -> dict[str, Channel]:
    from listener.notify.courier import channels

    found = channels(home)
    if not found:
        raise SettingsError(
            "no channel is configured", hint="add a section [channels.NAME] with a type to trapline.toml"
        )
    if name is None:
        return found
    if name not in found:
        raise NotFoundError(
            f"there is no channel called {name!r}", hint=f"configured: {', '.join(sorted(found))}"
        )
    return {name: found[name]}


def _try(home: Home, name: str, channel: Channel) -> bool:
    """Send, say how it went, and put it into the ledger."""
    from canaries.core.text import visible
    from canaries.ledger.entries import new_id
    from listener.notify.channels import Alert, DeliveryError

    now = home.now()
    alert = Alert(id=new_id(), event="test", at=now, organisation=home.settings.operator.organisation)
    body = {"alert": alert.id, "channel": name, "event": "test", "hits": 0, "attempt": 1}
    try:
        receipt = channel.send(alert)
    except DeliveryError as error:
        say(f"{name}: not delivered: {visible(error.reason)}")
        with home.store.write() as connection:
            reason = visible(error.reason, limit=200)
            home.writer.record(connection, "alert-failed", now, home.operator, body | {"reason": reason})
        return False
    tell(f"{name}: {visible(receipt)}")
    with home.store.write() as connection:
        home.writer.record(
            connection, "alerted", now, home.operator, body | {"receipt": visible(receipt, limit=200)}
        )
    return True
