"""An Anthropic API key."""

from __future__ import annotations

from typing import ClassVar

from canaries.crypto.seeded_random import URLSAFE, SeededRandom
from canaries.kinds._service import ServiceKey


class AnthropicKey(ServiceKey):
    name: ClassVar[str] = "anthropic-key"
    title: ClassVar[str] = "An Anthropic key with a base URL that leads to a trap"
    fired_by: ClassVar[str] = (
        "The anthropic libraries (Python, JavaScript) and tools built on them: they honour ANTHROPIC_BASE_URL "
        "and send the key in clear (X-Api-Key or Bearer), with the prompt. Silent: scanners that take the "
        "bare key to the real API."
    )
    try_hint: ClassVar[str] = "curl -H 'X-Api-Key: {secret}' {url}/v1/models"
    variable: ClassVar[str] = "ANTHROPIC_API_KEY"
    base: ClassVar[str] = "ANTHROPIC_BASE_URL"

    def secret(self, stream: SeededRandom) -> str:
        return f"sk-ant-api03-{stream.text('key', URLSAFE, 93)}AA"
