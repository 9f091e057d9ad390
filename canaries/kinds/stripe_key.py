"""A live Stripe key pair with an API base that leads to a trap."""

from __future__ import annotations

from typing import ClassVar

from canaries.core.model import Bait, Token
from canaries.crypto.seeded_random import BASE62
from canaries.kinds import Kind, NoOptions, Order


class StripeKey(Kind):
    name: ClassVar[str] = "stripe-key"
    title: ClassVar[str] = "A live Stripe key pair with an API base that leads to a trap"
    fired_by: ClassVar[str] = (
        "Code or curl that takes STRIPE_API_BASE: the key comes in clear (Bearer or Basic), with what was asked for. "
        "Silent: Stripe's library unless the code sets api_base; scanners that take the bare key to the real API."
    )
    plant_hint: ClassVar[str] = "In the .env or the settings of a shop or a donation page."
    try_hint: ClassVar[str] = "curl -u '{secret}:' {url}/v1/balance"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        account = stream.text("account", BASE62, 14)  # both keys of a pair carry the account's id
        secret = f"sk_live_51{account}{stream.text('secret', BASE62, 83)}"
        publishable = f"pk_live_51{account}{stream.text('publishable', BASE62, 83)}"
        text = (
            f"STRIPE_SECRET_KEY={secret}\nSTRIPE_PUBLISHABLE_KEY={publishable}\nSTRIPE_API_BASE={site.url}\n"
        )
        return Bait(
            (Token("secret", secret), Token("publishable_key", publishable), *site.tokens),
            text,
            row={"secret": secret, "publishable_key": publishable, "url": site.url, "host": site.host},
        )
