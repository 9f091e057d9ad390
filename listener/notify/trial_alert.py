"""A test alert through one channel, written into the ledger however it goes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, select

from canaries.core.store import meta, upsert
from canaries.core.text import visible
from canaries.ledger.entries import new_id
from listener.notify.channels import Alert, DeliveryError

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from listener.notify.channels import Channel


_ROW = "channels-tested"


def tested(connection: Connection) -> dict[str, str]:
    """When a test alert was last taken, by channel."""
    stored = connection.scalar(select(meta.c.value).where(meta.c.name == _ROW))
    return dict(json.loads(stored)) if stored else {}


def send(home: Home, name: str, channel: Channel) -> str:
    """What the receiver said. Raises DeliveryError."""
    now, operator = home.now(), home.settings.operator
    alert = Alert(
        id=new_id(), event="test", at=now, organisation=operator.organisation, zone=operator.timezone
    )
    body = {"alert": alert.id, "channel": name, "event": "test", "hits": 0, "attempt": 1}
    try:
        receipt = str(channel.send(alert))
    except DeliveryError as error:
        _record(home, "alert-failed", now, body | {"reason": visible(error.reason, limit=200)})
        raise
    _record(home, "alerted", now, body | {"receipt": visible(receipt, limit=200)})
    return receipt


def _record(home: Home, entry: Literal["alerted", "alert-failed"], now: str, body: dict[str, object]) -> None:
    with home.store.write() as connection:
        home.writer.record(connection, entry, now, home.operator, body)
        if entry == "alerted":
            value = json.dumps({**tested(connection), str(body["channel"]): now}, sort_keys=True)
            upsert(connection, meta, {"name": _ROW, "value": value}, {"value": value})
