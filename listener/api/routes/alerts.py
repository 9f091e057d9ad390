"""Alerts: how each channel stands, what was delivered, a test, another try, giving up."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import and_, or_, select

from canaries.accounts.permissions import Permission
from canaries.core import store
from canaries.core.errors import NotFoundError
from listener.api import paging
from listener.api.fields import PageQuery, RequestBody, page_of, reason, words
from listener.api.guard import caller
from listener.api.problems import ApiError
from listener.api.routing import Resource
from listener.notify import operator_retries, outages, outbox, trial_alert
from listener.notify.channels import DeliveryError
from listener.notify.configured import channels

resource = Resource(
    "alerts", "Channels and what goes out through them. Their settings, which hold secrets, are not shown."
)


class ChannelShape(Schema):
    """How one channel stands."""

    channel = fields.String(required=True)
    type = fields.String(required=True)
    configured = fields.Boolean(required=True)
    down_since = fields.String(required=True)
    waiting = fields.Integer(required=True)
    held = fields.Integer(required=True)
    delivered = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    oldest_waiting = fields.String(required=True)
    last_delivered = fields.String(required=True)
    problem = fields.String(required=True)


class DeliveryShape(Schema):
    """One alert on its way through one channel."""

    id = fields.String(required=True)
    channel = fields.String(required=True)
    state = fields.String(required=True)
    created_at = fields.String(required=True)
    done_at = fields.String(required=True)
    attempts = fields.Integer(required=True)
    problem = fields.String(required=True)


class DeliveryQuery(PageQuery):
    """Which deliveries."""

    channel = words(48, load_default="")
    state = fields.String(
        load_default=None, validate=validate.OneOf(["waiting", "held", "delivered", "failed"])
    )


class GiveUpBody(RequestBody):
    """Why nobody needs them any more."""

    reason = reason()


class ReceiptShape(Schema):
    """What the receiver said."""

    receipt = fields.String(required=True)


class CountShape(Schema):
    """How many alerts it was about."""

    alerts = fields.Integer(required=True)


@resource.on(
    "GET",
    "/channels",
    needs=Permission.ALERTS_READ,
    gives=Schema.from_dict(
        {"items": fields.List(fields.Nested(ChannelShape), required=True)}, name="ChannelList"
    ),
)
def listing() -> dict[str, Any]:
    """List channels and how each stands."""
    home = caller().home
    known = home.settings.channels
    with home.store.read() as connection:
        tallies, down = outbox.tallies(connection, list(known)), outages.known(connection)
    return {
        "items": [
            asdict(one)
            | {"type": str(known.get(one.channel, {}).get("type", "")), "configured": one.channel in known}
            | {"down_since": down.get(one.channel, "")}
            for one in tallies
        ]
    }


@resource.on(
    "GET",
    "/deliveries",
    needs=Permission.ALERTS_READ,
    asks=DeliveryQuery,
    gives=page_of(DeliveryShape, "DeliveryPage"),
)
def deliveries(query: dict[str, Any]) -> dict[str, Any]:
    """List deliveries, newest first."""
    table, limit, after = store.outbox, query["limit"], paging.opened(query["cursor"], 2)
    names = ("id", "channel", "state", "created_at", "done_at", "attempts", "problem")
    chosen = select(*(table.c[name] for name in names))
    chosen = chosen.where(table.c.channel == query["channel"]) if query["channel"] else chosen
    chosen = chosen.where(table.c.state == query["state"]) if query["state"] else chosen
    if after:
        older = or_(
            table.c.created_at < after[0], and_(table.c.created_at == after[0], table.c.id < after[1])
        )
        chosen = chosen.where(older)
    with caller().home.store.read() as connection:
        rows = connection.execute(
            chosen.order_by(table.c.created_at.desc(), table.c.id.desc()).limit(limit + 1)
        ).all()
    shown = rows[:limit]
    more = paging.cursor(shown[-1].created_at, shown[-1].id) if len(rows) > limit else None
    return {"items": [row._asdict() for row in shown], "next": more}


@resource.on("POST", "/channels/<string:name>/test", needs=Permission.CHANNELS_TEST, gives=ReceiptShape)
def test(name: str) -> dict[str, str]:
    """Send a test alert now."""
    home = caller().home
    channel = channels(home).get(name)
    if channel is None:
        raise NotFoundError("there is no channel of that name")
    try:
        return {"receipt": trial_alert.send(home, name, channel)}
    except DeliveryError as error:
        raise ApiError(424, "Failed Dependency", f"not delivered: {error.reason}") from None


@resource.on("POST", "/channels/<string:name>/retry", needs=Permission.ALERTS_CHANGE, gives=CountShape)
def retry(name: str) -> dict[str, int]:
    """Send what waits or is held for it now."""
    return {"alerts": operator_retries.retry(caller().home, name)}


@resource.on(
    "POST",
    "/channels/<string:name>/give-up",
    needs=Permission.ALERTS_CHANGE,
    takes=GiveUpBody,
    gives=CountShape,
)
def give_up(body: dict[str, Any], name: str) -> dict[str, int]:
    """Erase the alerts that wait or are held for it. The hits they tell of stay."""
    return {"alerts": operator_retries.give_up(caller().home, name, body["reason"])}
