"""A Cloudflare API token."""

from __future__ import annotations

from canaries.crypto.seeded_random import BASE62, URLSAFE, SeededRandom
from canaries.kinds._service import ServiceKey


class CloudflareToken(ServiceKey):
    name = "cloudflare-token"
    title = "A Cloudflare API token with an API base that leads to a trap"
    fired_by = (
        "The cloudflare library and wrangler: they honour CLOUDFLARE_BASE_URL and CLOUDFLARE_API_BASE_URL and "
        "send the token in clear (Bearer). Silent: scanners that take the bare token to the real API."
    )
    try_hint = "curl -H 'Authorization: Bearer {secret}' {url}/user/tokens/verify"
    variable = "CLOUDFLARE_API_TOKEN"
    base = "CLOUDFLARE_BASE_URL"
    path = "/client/v4"

    def secret(self, stream: SeededRandom) -> str:
        # The newer form ends in a check sum whose algorithm nobody has published. A last letter or digit ends the word.
        return stream.text("token", URLSAFE, 39) + stream.text("last", BASE62, 1)
