"""A kind of your own: the key of an in-house service, as a plug-in that lives outside Trapline."""

from __future__ import annotations

from typing import ClassVar

from canaries.core.model import Bait, Token
from canaries.crypto.seeded_random import BASE62
from canaries.kinds import Kind, NoOptions, Order


class AcmeKey(Kind):
    name: ClassVar[str] = "acme-key"
    title: ClassVar[str] = "A key of the in-house Acme service with an address that leads to a trap"
    fired_by: ClassVar[str] = "Whatever calls the address: the key comes in clear (X-Acme-Key)."
    plant_hint: ClassVar[str] = "In the .env of a service that talks to Acme."
    try_hint: ClassVar[str] = "curl -H 'X-Acme-Key: {secret}' {url}/status"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        site = order.site()
        secret = f"acme_{order.stream.text('key', BASE62, 32)}"
        text = f"ACME_KEY={secret}\nACME_URL={site.url}\n"
        return Bait((Token("secret", secret), *site.tokens), text, row={"secret": secret, "url": site.url})
