"""Test a channel; show, retry or give up what is pending."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from canaries.client.options import by_server
from canaries.core.errors import NotFoundError, SettingsError
from canaries.core.text import counted, visible
from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.client.api_client import ApiClient
    from canaries.installation.home import Home
    from listener.notify.channels import Channel

SECTION = "What was caught"

_NOT_TAKEN = 424
"""What the API answers where a channel did not take its test alert."""


@click.group(cls=CommandGroup)
def command() -> None:
    """Alerts: test a channel, show what is pending, send it again, give it up."""


def _test_by_server(api: ApiClient, channel: str | None) -> None:
    from canaries.client.transport import RefusedByServerError

    names = [channel] if channel else [str(one["channel"]) for one in api.channels() if one["configured"]]
    results = []
    for name in names:
        try:
            tell(f"{visible(name)}: delivered: {visible(api.try_channel(name))}", indent=2)
        except RefusedByServerError as error:
            if error.status_code != _NOT_TAKEN:
                raise
            say(f"{name}: {error.sentence}")
        else:
            results.append(name)
    click.get_current_context().exit(0 if results == names else 1)


@command.command()
@click.argument("channel", required=False)
@by_server(_test_by_server)
@pass_session
@click.pass_context
def test(ctx: click.Context, session: Session, channel: str | None) -> None:
    """Send a test alert now, through CHANNEL or every channel. Exit status 1 where one does not take it."""
    home = session.home()
    results = [_try(home, name, one) for name, one in _chosen(home, channel).items()]
    ctx.exit(0 if all(results) else 1)


def _status_by_server(api: ApiClient, as_json: bool) -> None:
    _tell_channels(list(api.channels()), as_json)


@command.command()
@json_option
@by_server(_status_by_server)
@pass_session
def status(session: Session, as_json: bool) -> None:
    """Show each channel's state: pending, delivered, failed, and why. Exit status 1 where one does not deliver."""
    from listener.notify import digest, outages, outbox

    home = session.home()
    configured = home.settings.channels
    with home.store.read() as connection:
        tallies = outbox.tallies(connection, list(configured))
        down = outages.known(connection)
        growing = digest.held_back(connection)
    if growing and not as_json:
        hits, incidents, due_at = growing
        say(
            f"{counted(hits, 'hit')} of {counted(incidents, 'known incident')} will be told together, next at {due_at}"
        )
    if not configured:
        say(
            "No channel is configured, so nobody is told: alerts wait. Add a [channels.NAME] section to trapline.toml."
        )
    known = []
    for tally in tallies:
        section = configured.get(tally.channel, {})
        more = {"type": section.get("type", ""), "configured": bool(section)}
        known.append({**dataclasses.asdict(tally), **more, "down_since": down.get(tally.channel, "")})
    _tell_channels(known, as_json)


def _tell_channels(known: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    """Print them, and end with the exit status."""
    for one in known:
        if as_json:
            emit(one)
            continue
        name = one["channel"] or "(no channel yet)"
        held = f", {one['held']} held" if one["held"] else ""
        counts = f"{one['waiting']} waiting{held}, {one['delivered']} delivered, {one['failed']} failed"
        tell(f"{visible(name):<16} {counts}", indent=2)
        for label, key in (
            ("DOES NOT DELIVER since", "down_since"),
            ("oldest waiting", "oldest_waiting"),
            ("last delivered", "last_delivered"),
            ("last problem", "problem"),
        ):
            if one[key]:
                tell(f"  {label}: {visible(str(one[key]))}", indent=4)
    dead = any(one["down_since"] or one["held"] for one in known)
    if dead:
        say("Mend what the problem names, then: trapline alerts retry")
    click.get_current_context().exit(1 if dead else 0)


def _retry_by_server(api: ApiClient, channel: str | None) -> None:
    names = [channel] if channel else [str(one["channel"]) for one in api.channels() if one["configured"]]
    _say_retried(sum(api.retry(name) for name in names))


@command.command()
@click.argument("channel", required=False)
@by_server(_retry_by_server)
@pass_session
def retry(session: Session, channel: str | None) -> None:
    """Send what waits or is held now, through CHANNEL or every channel: after you have mended what failed."""
    from listener.notify import operator_retries

    done = operator_retries.retry(session.home(), channel or "")
    if channel is not None and not done:
        _chosen(session.home(), channel)
    _say_retried(done)


def _say_retried(done: int) -> None:
    say(
        f"{counted(done, 'alert')} will be tried at once by the running listener; see: trapline alerts status"
    )


def _give_up_by_server(api: ApiClient, channel: str, reason: str) -> None:
    _say_given_up(api.give_up(channel, reason))


@command.command("give-up")
@click.argument("channel")
@click.option(
    "--reason", required=True, metavar="WHY", help="Why nobody needs them any more; kept in the ledger."
)
@by_server(_give_up_by_server)
@pass_session
def give_up(session: Session, channel: str, reason: str) -> None:
    """Erase the alerts that wait or are held for CHANNEL. The hits they tell of stay."""
    from listener.notify import operator_retries

    done = operator_retries.give_up(session.home(), channel, reason)
    if (
        not done
    ):  # alerts may wait for a channel that is gone from the settings: only then its name is no matter
        _chosen(session.home(), channel)
    _say_given_up(done)


def _say_given_up(done: int) -> None:
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
    from listener.notify import trial_alert
    from listener.notify.channels import DeliveryError

    try:
        receipt = trial_alert.send(home, name, channel)
    except DeliveryError as error:
        say(f"{name}: not delivered: {visible(error.reason)}")
        return False
    tell(f"{name}: delivered: {visible(receipt)}", indent=2)
    return True
