"""A Shopify Admin API access token."""

from __future__ import annotations

from typing import ClassVar

from canaries.crypto.seeded_random import HEX, SeededRandom
from canaries.kinds._service import ServiceKey


class ShopifyToken(ServiceKey):
    name: ClassVar[str] = "shopify-token"
    title: ClassVar[str] = "A Shopify admin token with a shop that is a trap"
    fired_by: ClassVar[str] = (
        "Code or curl that takes the shop from SHOPIFY_SHOP_URL: the token comes in clear (X-Shopify-Access- "
        "Token). Silent: tools that insist on a myshopify.com name; with those it is a lure beside the URL."
    )
    try_hint: ClassVar[str] = "curl -H 'X-Shopify-Access-Token: {secret}' {url}/admin/api/2025-01/shop.json"
    variable: ClassVar[str] = "SHOPIFY_ACCESS_TOKEN"
    base: ClassVar[str] = "SHOPIFY_SHOP_URL"

    def secret(self, stream: SeededRandom) -> str:
        return f"shpat_{stream.text('token', HEX, 32)}"
