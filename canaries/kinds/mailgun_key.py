"""A Mailgun private API key."""

from __future__ import annotations

from typing import ClassVar

from canaries.crypto.seeded_random import HEX, SeededRandom
from canaries.kinds._service import ServiceKey


class MailgunKey(ServiceKey):
    name: ClassVar[str] = "mailgun-key"
    title: ClassVar[str] = "A Mailgun key with an API base that leads to a trap"
    fired_by: ClassVar[str] = (
        "Code or curl that takes MAILGUN_API_BASE: the key comes in clear (Basic, user api), with the mail. "
        "Silent: libraries that know only the real API; with those it is a lure beside the URL."
    )
    try_hint: ClassVar[str] = "curl -u 'api:{secret}' {url}/v3/domains"
    variable: ClassVar[str] = "MAILGUN_API_KEY"
    base: ClassVar[str] = "MAILGUN_API_BASE"

    def secret(self, stream: SeededRandom) -> str:
        return f"key-{stream.text('key', HEX, 32)}"
