"""A Cohere API key."""

from __future__ import annotations

from typing import ClassVar

from canaries.crypto.seeded_random import BASE62, SeededRandom
from canaries.kinds._service import ServiceKey


class CohereKey(ServiceKey):
    name: ClassVar[str] = "cohere-key"
    title: ClassVar[str] = "A Cohere key with an API URL that leads to a trap"
    fired_by: ClassVar[str] = (
        "The cohere library: it honours CO_API_URL and sends the key in clear (Bearer), with the prompt and "
        "the machine's kernel release. Silent: scanners that take the bare key to the real API."
    )
    try_hint: ClassVar[str] = "curl -H 'Authorization: Bearer {secret}' {url}/v1/models"
    variable: ClassVar[str] = "CO_API_KEY"
    base: ClassVar[str] = "CO_API_URL"

    def secret(self, stream: SeededRandom) -> str:
        return stream.text("key", BASE62, 40)
