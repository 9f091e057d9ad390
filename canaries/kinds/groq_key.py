"""A Groq API key."""

from __future__ import annotations

from canaries.crypto.seeded_random import BASE62, SeededRandom
from canaries.kinds._service import ServiceKey


class GroqKey(ServiceKey):
    name = "groq-key"
    title = "A Groq key with a base URL that leads to a trap"
    fired_by = (
        "The groq library: it honours GROQ_BASE_URL and sends the key in clear (Bearer), with the prompt. "
        "Silent: scanners that take the bare key to the real API."
    )
    try_hint = "curl -H 'Authorization: Bearer {secret}' {url}/openai/v1/models"
    variable = "GROQ_API_KEY"
    base = "GROQ_BASE_URL"

    def secret(self, stream: SeededRandom) -> str:
        # WGdyb3FY is "Xgroq" in Base64, there in every key
        return f"gsk_{stream.text('head', BASE62, 20)}WGdyb3FY{stream.text('tail', BASE62, 24)}"
