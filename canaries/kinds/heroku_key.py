"""A Heroku API key."""

from __future__ import annotations

from typing import ClassVar

from canaries.crypto.seeded_random import BASE62, URLSAFE, SeededRandom
from canaries.kinds._service import ServiceKey


class HerokuKey(ServiceKey):
    name: ClassVar[str] = "heroku-key"
    title: ClassVar[str] = "A Heroku API key with an API URL that leads to a trap"
    fired_by: ClassVar[str] = (
        "Code or curl that takes HEROKU_API_URL: the key comes in clear (Bearer). Silent: the heroku command, "
        "which knows only the real API whatever is set; with it the key is a lure beside the URL."
    )
    try_hint: ClassVar[str] = (
        "curl -H 'Authorization: Bearer {secret}' -H 'Accept: application/vnd.heroku+json; version=3' "
        "{url}/account"
    )
    variable: ClassVar[str] = "HEROKU_API_KEY"
    base: ClassVar[str] = "HEROKU_API_URL"

    def secret(self, stream: SeededRandom) -> str:
        return f"HRKU-AA{stream.text('key', URLSAFE, 57)}{stream.text('last', BASE62, 1)}"
