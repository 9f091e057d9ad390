"""An Anthropic API key."""

from __future__ import annotations

from canaries.crypto.seeded_random import URLSAFE, SeededRandom
from canaries.kinds._service import ServiceKey


class AnthropicKey(ServiceKey):
    name = "anthropic-key"
    title = "An Anthropic key with a base URL that leads to a trap"
    fired_by = (
        "The anthropic libraries (Python, JavaScript) and tools built on them: they honour ANTHROPIC_BASE_URL "
        "and send the key in clear (X-Api-Key or Bearer), with the prompt. Silent: scanners that take the "
        "bare key to the real API."
    )
    try_hint = "curl -H 'X-Api-Key: {secret}' {url}/v1/models"
    variable = "ANTHROPIC_API_KEY"
    base = "ANTHROPIC_BASE_URL"

    def secret(self, stream: SeededRandom) -> str:
        return f"sk-ant-api03-{stream.text('key', URLSAFE, 93)}AA"
