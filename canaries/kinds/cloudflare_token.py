"""A Cloudflare API token."""

from __future__ import annotations

from typing import ClassVar

from canaries.crypto.seeded_random import BASE62, URLSAFE, SeededRandom
from canaries.kinds._service import ServiceKey


class CloudflareToken(ServiceKey):
    name: ClassVar[str] = "cloudflare-token"
    title: ClassVar[str] = "A Cloudflare API token with an API base that leads to a trap"
    fired_by: ClassVar[str] = (
        "The cloudflare library and wrangler: they honour CLOUDFLARE_BASE_URL and CLOUDFLARE_API_BASE_URL and "
        "send the token in clear (Bearer). Silent: scanners that take the bare token to the real API."
    )
    try_hint: ClassVar[str] = "curl -H 'Authorization: Bearer {secret}' {url}/user/tokens/verify"
    variable: ClassVar[str] = "CLOUDFLARE_API_TOKEN"
    base: ClassVar[str] = "CLOUDFLARE_BASE_URL"
    path: ClassVar[str] = "/client/v4"

    def secret(self, stream: SeededRandom) -> str:
        # The newer form ends in a check sum whose algorithm nobody has published. A last letter or digit ends the word.
        return stream.text("token", URLSAFE, 39) + stream.text("last", BASE62, 1)
