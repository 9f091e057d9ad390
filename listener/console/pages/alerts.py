"""Alerts: each channel with its routing and how it delivers, the last deliveries, the rules that keep hits quiet."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from canaries.accounts.permissions import Permission
from canaries.core import clock, store
from canaries.core.errors import NotFoundError
from canaries.core.text import visible
from listener.console.pages import app_context, words
from listener.console.permits import needs
from listener.notify import digest, duty, operator_retries, outages, outbox, rules, trial_alert
from listener.notify.channels import DeliveryError
from listener.notify.configured import channels
from listener.notify.routing import Route

if TYPE_CHECKING:
    from collections.abc import Mapping

    from canaries.installation.home import Home

page = Blueprint("alerts", __name__)
NAV = (50, "Alerts", "alerts.index")

_DELIVERIES = 50
_ROUTE = tuple(field.name for field in dataclasses.fields(Route))


@page.get("/alerts")
@needs(Permission.ALERTS_READ)
def index() -> str:
    """All of it."""
    return _shown()


@page.post("/alerts/<channel>/test")
@needs(Permission.CHANNELS_TEST)
def test(channel: str) -> str:
    """Send a test alert now, and say how it went. An entry says so too."""
    home = app_context().home
    known = channels(home)
    if channel not in known:
        raise NotFoundError("there is no such channel", hint="see the list of channels")
    try:
        said = f"{channel} took the test alert: {visible(trial_alert.send(home, channel, known[channel]), limit=300)}"
        return _shown(said=said)
    except DeliveryError as error:
        return _shown(problem=f"{channel} did not take the test alert: {visible(error.reason, limit=300)}")


@page.post("/alerts/<channel>/retry")
@needs(Permission.ALERTS_CHANGE)
def retry(channel: str) -> Response:
    """Send what waits or is held at once."""
    operator_retries.retry(app_context().home, channel)
    return redirect(url_for("alerts.index"), 303)


@page.post("/alerts/<channel>/give-up")
@needs(Permission.ALERTS_CHANGE)
def give_up(channel: str) -> Response:
    """Erase what waits for one channel, with a reason."""
    operator_retries.give_up(app_context().home, channel, words("reason", "the reason"))
    return redirect(url_for("alerts.index"), 303)


@page.post("/alerts/rules/<rule_id>/remove")
@needs(Permission.ALERTS_CHANGE)
def end_rule(rule_id: str) -> Response:
    """End a rule before its time."""
    rules.remove(app_context().home, rule_id, words("reason", "the reason"))
    return redirect(url_for("alerts.index"), 303)


@page.post("/alerts/rules/<rule_id>/review")
@needs(Permission.ALERTS_CHANGE)
def review_rule(rule_id: str) -> Response:
    """Let a rule go on until another time, under one's name."""
    home = app_context().home
    lasting = clock.until(words("lasting", "how long"), home.clock.now())
    rules.review(home, rule_id, lasting, words("reason", "the reason"))
    return redirect(url_for("alerts.index"), 303)


def _shown(*, said: str = "", problem: str = "") -> str:
    home = app_context().home
    configured = home.settings.channels
    with home.store.read() as connection:
        tallies = {one.channel: one for one in outbox.tallies(connection, list(configured))}
        down = outages.known(connection)
        growing = digest.held_back(connection)
        made = rules.load(connection, home, home.now())
    names = dict.fromkeys([*configured, *(name for name in tallies if name)])
    return render_template(
        "alerts.html.j2",
        channels=[
            {
                "name": name,
                "type": str(configured.get(name, {}).get("type", "")),
                "route": _route(configured.get(name, {})),
                "tally": tallies.get(name),
                "down": down.get(name, ""),
            }
            for name in names
        ],
        deliveries=_deliveries(home),
        growing=growing,
        people=sorted(home.settings.duty),
        on_duty=duty.rota(home.settings).on_duty(home.now()),
        rules=made,
        said=said,
        problem=problem,
    )


def _route(section: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the section says of routing, in words; nothing of its address or secrets."""
    found = []
    for name in _ROUTE:
        if name in section:
            value = section[name]
            text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            found.append((name.replace("_", " "), text))
    return found


def _deliveries(home: Home) -> list[Any]:
    """The newest alerts of the outbox, whatever became of them."""
    table = store.outbox
    columns = (table.c.id, table.c.channel, table.c.state, table.c.created_at, table.c.done_at)
    query = select(*columns, table.c.attempts, table.c.problem, table.c.folded)
    with home.store.read() as connection:
        return list(connection.execute(query.order_by(table.c.id.desc()).limit(_DELIVERIES)).all())
