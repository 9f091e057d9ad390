"""A Shopify Admin API access token."""

from canaries.crypto.seeded_random import HEX
from canaries.kinds._service import KeyForm, ServiceKey


class ShopifyToken(ServiceKey):
    name = "shopify-token"
    title = "A Shopify admin token with a shop that is a trap"
    fired_by = (
        "Code or curl that takes the shop from SHOPIFY_SHOP_URL: the token comes in clear (X-Shopify-Access- "
        "Token). Silent: tools that insist on a myshopify.com name; with those it is a lure beside the URL."
    )
    try_hint = "curl -H 'X-Shopify-Access-Token: {secret}' {url}/admin/api/2025-01/shop.json"
    variable = "SHOPIFY_ACCESS_TOKEN"
    base = "SHOPIFY_SHOP_URL"
    form = KeyForm("shpat_", "token", HEX, 32)
