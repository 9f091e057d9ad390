"""A Notion integration token."""

from __future__ import annotations

from canaries.crypto.seeded_random import BASE62, SeededRandom
from canaries.kinds._service import ServiceKey

_DIGITS = BASE62[:10]


class NotionToken(ServiceKey):
    name = "notion-token"
    title = "A Notion integration token with an API base that leads to a trap"
    fired_by = (
        "Code that passes NOTION_BASE_URL to a client's base_url, or curl: the token comes in clear (Bearer). "
        "Silent: clients left to their default, which is the real API; with those it is a lure beside the "
        "URL."
    )
    try_hint = "curl -H 'Authorization: Bearer {secret}' {url}/v1/users/me"
    variable = "NOTION_TOKEN"
    base = "NOTION_BASE_URL"

    def secret(self, stream: SeededRandom) -> str:
        return f"ntn_{stream.text('id', _DIGITS, 11)}{stream.text('secret', BASE62, 35)}"
