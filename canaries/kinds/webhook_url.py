"""An incoming webhook of a chat, in the shape of Slack's, at a trap."""

from __future__ import annotations

from typing import ClassVar

from canaries.core.model import Bait, Token
from canaries.crypto.seeded_random import BASE62
from canaries.kinds import Kind, NoOptions, Order

_CAPITALS = BASE62[:36]


class WebhookUrl(Kind):
    name: ClassVar[str] = "webhook-url"
    service: ClassVar[str] = "hooks"
    title: ClassVar[str] = "A chat's incoming webhook, Slack-shaped, at a trap"
    fired_by: ClassVar[str] = (
        "Whoever posts to it: any client, with the text of the message; scanners that test webhooks post to it too "
        "unless they insist on the real service's host."
    )
    plant_hint: ClassVar[str] = "In a .env, a deploy script or a CI variable."
    try_hint: ClassVar[str] = (
        "curl -X POST -H 'Content-type: application/json' -d '{\"text\":\"test\"}' {webhook}"
    )

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        team, bot = (letter + stream.text(letter, _CAPITALS, 10) for letter in "TB")
        secret = stream.text("secret", BASE62, 24)
        webhook = f"{site.url}/services/{team}/{bot}/{secret}"
        return Bait(
            (Token("secret", secret), *site.tokens),
            f"SLACK_WEBHOOK_URL={webhook}\n",
            row={"secret": secret, "webhook": webhook, "url": site.url, "host": site.host},
        )
