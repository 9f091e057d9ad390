"""A Heroku API key."""

from __future__ import annotations

from canaries.crypto.seeded_random import BASE62, URLSAFE, SeededRandom
from canaries.kinds._service import ServiceKey


class HerokuKey(ServiceKey):
    name = "heroku-key"
    title = "A Heroku API key with an API URL that leads to a trap"
    fired_by = (
        "Code or curl that takes HEROKU_API_URL: the key comes in clear (Bearer). Silent: the heroku command, "
        "which knows only the real API whatever is set; with it the key is a lure beside the URL."
    )
    try_hint = (
        "curl -H 'Authorization: Bearer {secret}' -H 'Accept: application/vnd.heroku+json; version=3' "
        "{url}/account"
    )
    variable = "HEROKU_API_KEY"
    base = "HEROKU_API_URL"

    def secret(self, stream: SeededRandom) -> str:
        return f"HRKU-AA{stream.text('key', URLSAFE, 57)}{stream.text('last', BASE62, 1)}"
