"""A Hugging Face access token."""

from __future__ import annotations

from typing import ClassVar

from canaries.crypto.seeded_random import BASE62, SeededRandom
from canaries.kinds._service import ServiceKey

_LETTERS = BASE62[10:]


class HuggingfaceToken(ServiceKey):
    name: ClassVar[str] = "huggingface-token"
    title: ClassVar[str] = "A Hugging Face token with an endpoint that leads to a trap"
    fired_by: ClassVar[str] = (
        "huggingface_hub and the hf command: they honour HF_ENDPOINT and send the token in clear (Bearer). "
        "Silent: scanners that take the bare token to the real hub."
    )
    try_hint: ClassVar[str] = "curl -H 'Authorization: Bearer {secret}' {url}/api/whoami-v2"
    variable: ClassVar[str] = "HF_TOKEN"
    base: ClassVar[str] = "HF_ENDPOINT"

    def secret(self, stream: SeededRandom) -> str:
        return f"hf_{stream.text('token', _LETTERS, 34)}"
