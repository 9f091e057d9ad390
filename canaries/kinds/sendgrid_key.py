"""A SendGrid API key."""

from __future__ import annotations

from canaries.crypto.seeded_random import URLSAFE, SeededRandom
from canaries.kinds._service import ServiceKey


class SendgridKey(ServiceKey):
    name = "sendgrid-key"
    title = "A SendGrid key with an API base that leads to a trap"
    fired_by = (
        "Code that takes SENDGRID_API_BASE as the host: the key comes in clear (Bearer), with the mail. "
        "Silent: SendGrid's own library, which knows only the real API unless code names a host; with those "
        "it is a lure beside the URL."
    )
    try_hint = "curl -H 'Authorization: Bearer {secret}' {url}/v3/scopes"
    variable = "SENDGRID_API_KEY"
    base = "SENDGRID_API_BASE"

    def secret(self, stream: SeededRandom) -> str:
        return f"SG.{stream.text('id', URLSAFE, 22)}.{stream.text('secret', URLSAFE, 43)}"
