"""An OpenAI project key with a base URL."""

from __future__ import annotations

from typing import ClassVar

from canaries.core.model import Bait, Token
from canaries.crypto.seeded_random import BASE62, URLSAFE
from canaries.kinds import Kind, NoOptions, Order


class OpenaiKey(Kind):
    name: ClassVar[str] = "openai-key"
    title: ClassVar[str] = "An OpenAI key with a base URL that leads to a trap"
    fired_by: ClassVar[str] = (
        "The openai libraries (Python, JavaScript) and most tools built on them: they honour OPENAI_BASE_URL and send "
        "the key in clear (Bearer), with the prompt. Silent: scanners that take the bare key to the real API."
    )
    plant_hint: ClassVar[str] = "In a .env, a notebook, or a CI variable dump."
    try_hint: ClassVar[str] = "curl -H 'Authorization: Bearer {secret}' {url}/models"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        # T3BlbkFJ is "OpenAI" in Base64, there in every key. Scanners want 20 letters and digits on either side of it
        # (detect-secrets), and one at the end of the word.
        head = stream.text("head", URLSAFE, 54) + stream.text("before", BASE62, 20)
        tail = (
            stream.text("after", BASE62, 20)
            + stream.text("tail", URLSAFE, 53)
            + stream.text("last", BASE62, 1)
        )
        secret = f"sk-proj-{head}T3BlbkFJ{tail}"
        url = f"{site.url}/v1"
        text = f"OPENAI_API_KEY={secret}\nOPENAI_BASE_URL={url}\n"
        row = {"secret": secret, "url": url, "host": site.host}
        return Bait((Token("secret", secret), *site.tokens), text, row=row)
