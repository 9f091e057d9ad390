"""A browser's Web Push subscription, as services that send notifications keep them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from canaries.core.clock import parse_rfc3339
from canaries.core.model import Bait, Token
from canaries.kinds import Kind, Order
from canaries.protocols.push_endpoints import DRAWN, encoded


@dataclass(frozen=True, slots=True)
class PushSubscriptionOptions:
    """``--set``."""

    form: Literal["json", "csv", "sql"] = "json"
    """Of the text: what ``PushSubscription.toJSON()`` gives, a CSV line (endpoint, p256dh, auth), or an INSERT."""


class PushSubscription(Kind):
    name: ClassVar[str] = "push-subscription"
    service: ClassVar[str] = "push"
    title: ClassVar[str] = "A browser's Web Push subscription that nobody has"
    fired_by: ClassVar[str] = (
        "Whoever sends a notification to it with any Web Push library (RFC 8030, RFC 8291): the message comes, is "
        "read, and says whose VAPID key signed for it. Silent: senders that allow known browsers' services alone, and "
        "whoever merely has the list. The endpoint needs a certificate that senders trust (listen.certificates)."
    )
    plant_hint: ClassVar[str] = (
        "As a row of your own table of push subscriptions, with the tag list:NAME on the canary."
    )
    try_hint: ClassVar[str] = "curl -i -X POST -H 'TTL: 60' '{url}/wpush/v2/{push_endpoint}'"
    Options: ClassVar[type[Any]] = PushSubscriptionOptions

    def mint(self, order: Order, options: PushSubscriptionOptions) -> Bait:
        site = order.site()
        made_at = int(parse_rfc3339(order.created_at).timestamp())
        token, keys = order.signer.push_subscription(made_at, order.stream.draw_bytes("endpoint", DRAWN))
        endpoint = f"{site.secure_url}/wpush/v2/{token}"
        p256dh, auth = encoded(keys.public), encoded(keys.auth)
        row = {"endpoint": endpoint, "p256dh": p256dh, "auth": auth}
        tokens = (
            Token("push_endpoint", token),
            Token("push_auth", auth),
            Token("push_key", p256dh),
            *site.tokens,
        )
        return Bait(tokens, _text(row, options.form), row={**row, "url": site.url})


def _text(row: dict[str, str], form: str) -> str:
    if form == "csv":
        return ",".join(row.values()) + "\n"
    if form == "sql":
        values = ", ".join(f"'{value}'" for value in row.values())
        # a statement to read and paste; its values are base64url and an address of this installation's
        return f"INSERT INTO push_subscriptions ({', '.join(row)}) VALUES ({values});\n"  # noqa: S608
    keys = {"p256dh": row["p256dh"], "auth": row["auth"]}
    return json.dumps({"endpoint": row["endpoint"], "expirationTime": None, "keys": keys}) + "\n"
