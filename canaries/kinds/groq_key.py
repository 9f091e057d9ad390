"""A Groq API key."""

from __future__ import annotations

from typing import ClassVar

from canaries.crypto.seeded_random import BASE62, SeededRandom
from canaries.kinds._service import ServiceKey


class GroqKey(ServiceKey):
    name: ClassVar[str] = "groq-key"
    title: ClassVar[str] = "A Groq key with a base URL that leads to a trap"
    fired_by: ClassVar[str] = (
        "The groq library: it honours GROQ_BASE_URL and sends the key in clear (Bearer), with the prompt. "
        "Silent: scanners that take the bare key to the real API."
    )
    try_hint: ClassVar[str] = "curl -H 'Authorization: Bearer {secret}' {url}/openai/v1/models"
    variable: ClassVar[str] = "GROQ_API_KEY"
    base: ClassVar[str] = "GROQ_BASE_URL"

    def secret(self, stream: SeededRandom) -> str:
        # WGdyb3FY is "Xgroq" in Base64, there in every key
        return f"gsk_{stream.text('head', BASE62, 20)}WGdyb3FY{stream.text('tail', BASE62, 24)}"
