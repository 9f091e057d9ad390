"""A Square access token."""

from __future__ import annotations

from typing import ClassVar

from canaries.crypto.seeded_random import BASE62, SeededRandom
from canaries.kinds._service import ServiceKey


class SquareToken(ServiceKey):
    name: ClassVar[str] = "square-token"
    title: ClassVar[str] = "A Square access token with a base URL that leads to a trap"
    fired_by: ClassVar[str] = (
        "Code that passes SQUARE_BASE_URL to the client, or curl: the token comes in clear (Bearer). Silent: "
        "Square's library left to its environments; with it the token is a lure beside the URL."
    )
    try_hint: ClassVar[str] = "curl -H 'Authorization: Bearer {secret}' {url}/v2/locations"
    variable: ClassVar[str] = "SQUARE_ACCESS_TOKEN"
    base: ClassVar[str] = "SQUARE_BASE_URL"

    def secret(self, stream: SeededRandom) -> str:
        return f"EAAA{stream.text('token', BASE62, 60)}"  # with an underscore scanners do not know it
