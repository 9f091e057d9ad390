"""A New Relic user key."""

from __future__ import annotations

from typing import ClassVar

from canaries.crypto.seeded_random import BASE62, SeededRandom
from canaries.kinds._service import ServiceKey

_CAPITALS = BASE62[:36]


class NewrelicKey(ServiceKey):
    name: ClassVar[str] = "newrelic-key"
    title: ClassVar[str] = "A New Relic user key with an API base that leads to a trap"
    fired_by: ClassVar[str] = (
        "Code or curl that takes NEW_RELIC_API_URL: the key comes in clear (Api-Key header). Silent: New "
        "Relic's own tools, which know only the real API; with those it is a lure beside the URL."
    )
    try_hint: ClassVar[str] = "curl -H 'Api-Key: {secret}' {url}/graphql"
    variable: ClassVar[str] = "NEW_RELIC_API_KEY"
    base: ClassVar[str] = "NEW_RELIC_API_URL"

    def secret(self, stream: SeededRandom) -> str:
        return f"NRAK-{stream.text('key', _CAPITALS, 27)}"
