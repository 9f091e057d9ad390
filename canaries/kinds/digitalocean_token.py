"""A DigitalOcean personal access token."""

from __future__ import annotations

from typing import ClassVar

from canaries.crypto.seeded_random import HEX, SeededRandom
from canaries.kinds._service import ServiceKey


class DigitaloceanToken(ServiceKey):
    name: ClassVar[str] = "digitalocean-token"
    title: ClassVar[str] = "A DigitalOcean token with an API URL that leads to a trap"
    fired_by: ClassVar[str] = (
        "doctl and terraform (DIGITALOCEAN_API_URL), and curl: the token comes in clear (Bearer). Silent: "
        "pydo over plain http, which refuses to send it; scanners that take the bare token to the real API."
    )
    try_hint: ClassVar[str] = "curl -H 'Authorization: Bearer {secret}' {url}/v2/account"
    variable: ClassVar[str] = "DIGITALOCEAN_TOKEN"
    base: ClassVar[str] = "DIGITALOCEAN_API_URL"

    def secret(self, stream: SeededRandom) -> str:
        return f"dop_v1_{stream.text('token', HEX, 64)}"
