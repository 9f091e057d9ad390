"""A Linear personal API key."""

from __future__ import annotations

from typing import ClassVar

from canaries.crypto.seeded_random import BASE62, SeededRandom
from canaries.kinds._service import ServiceKey


class LinearKey(ServiceKey):
    name: ClassVar[str] = "linear-key"
    title: ClassVar[str] = "A Linear API key with an API URL that leads to a trap"
    fired_by: ClassVar[str] = (
        "Code or curl that takes LINEAR_API_URL: the key comes in clear (Authorization), with the query. "
        "Silent: Linear's own SDK left to its default; with it the key is a lure beside the URL."
    )
    try_hint: ClassVar[str] = "curl -H 'Authorization: {secret}' -d query= {url}"
    variable: ClassVar[str] = "LINEAR_API_KEY"
    base: ClassVar[str] = "LINEAR_API_URL"
    path: ClassVar[str] = "/graphql"

    def secret(self, stream: SeededRandom) -> str:
        return f"lin_api_{stream.text('key', BASE62, 40)}"
