"""Test a channel; show, retry or give up what is pending."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click

from canaries.core.errors import NotFoundError, SettingsError
from canaries.core.text import counted
from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from listener.notify.channels import Channel

SECTION = "What was caught"


@click.group(cls=CommandGroup)
def command() -> None:
    """Alerts: test a channel, show what is pending, send it again, give it up."""


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
@click.pass_context
def status(ctx: click.Context, session: Session, as_json: bool) -> None:
    """Show each channel's state: pending, delivered, failed, and why. Exit status 1 where one does not deliver."""
    from canaries.core.text import visible
    from listener.notify import digest, outages, outbox

    home = session.home()
    configured = home.settings.channels
    with home.store.read() as connection:
        tallies = outbox.tallies(connection, list(configured))
        down = outages.known(connection)
        growing = digest.held_back(connection)
    for tally in tallies:
        section, since = configured.get(tally.channel, {}), down.get(tally.channel, "")
        if as_json:
            more = {"type": section.get("type", ""), "configured": bool(section), "down_since": since}
            emit(dataclasses.asdict(tally) | more)
            continue
        name = tally.channel or "(no channel yet)"
        held = f", {tally.held} held" if tally.held else ""
        tell(
            f"{visible(name):<16} {tally.waiting} waiting{held}, {tally.delivered} delivered, {tally.failed} failed",
            indent=2,
        )
        for label, value in (
            ("DOES NOT DELIVER since", since),
            ("oldest waiting", tally.oldest_waiting),
            ("last delivered", tally.last_delivered),
            ("last problem", tally.problem),
        ):
            if value:
                tell(f"  {label}: {visible(value)}", indent=4)
    if growing and not as_json:
        hits, incidents, due_at = growing
        say(
            f"{counted(hits, 'hit')} of {counted(incidents, 'known incident')} will be told together, next at {due_at}"
        )
    if not configured:
        say(
            "No channel is configured, so nobody is told: alerts wait. Add a [channels.NAME] section to trapline.toml."
        )
    dead = bool(down) or any(tally.held for tally in tallies)
    if dead:
        say("Mend what the problem names, then: trapline alerts retry")
    ctx.exit(1 if dead else 0)


@command.command()
@click.argument("channel", required=False)
@pass_session
def retry(session: Session, channel: str | None) -> None:
    """Send what waits or is held now, through CHANNEL or every channel: after you have mended what failed."""
    from listener.notify import operator_retries

    done = operator_retries.retry(session.home(), channel or "")
    if channel is not None and not done:
        _chosen(session.home(), channel)
    say(
        f"{counted(done, 'alert')} will be tried at once by the running listener; see: trapline alerts status"
    )


@command.command("give-up")
@click.argument("channel")
@click.option(
    "--reason", required=True, metavar="WHY", help="Why nobody needs them any more; kept in the ledger."
)
@pass_session
def give_up(session: Session, channel: str, reason: str) -> None:
    """Erase the alerts that wait or are held for CHANNEL. The hits they tell of stay."""
    from listener.notify import operator_retries

    done = operator_retries.give_up(session.home(), channel, reason)
    if (
        not done
    ):  # alerts may wait for a channel that is gone from the settings: only then its name is no matter
        _chosen(session.home(), channel)
    say(f"{counted(done, 'alert')} given up, each an entry of the ledger")


def _chosen(home: Home, name: str | None) -> dict[str, Channel]:
    from listener.notify.configured import channels

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
    """Send, and say how it went."""
    from canaries.core.text import visible
    from listener.notify import trial_alert
    from listener.notify.channels import DeliveryError

    try:
        receipt = trial_alert.send(home, name, channel)
    except DeliveryError as error:
        say(f"{name}: not delivered: {visible(error.reason)}")
        return False
    tell(f"{name}: delivered: {visible(receipt)}", indent=2)
    return True
