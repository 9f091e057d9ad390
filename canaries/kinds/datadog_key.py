"""A Datadog API key."""

from __future__ import annotations

from typing import ClassVar

from canaries.crypto.seeded_random import HEX, SeededRandom
from canaries.kinds._service import ServiceKey


class DatadogKey(ServiceKey):
    name: ClassVar[str] = "datadog-key"
    title: ClassVar[str] = "A Datadog API key with a host that is a trap"
    fired_by: ClassVar[str] = (
        "The datadog library (not v2 of the API client): it honours DATADOG_HOST and sends the key in clear "
        "(DD-API-KEY header). Silent: agents and clients with a fixed list of sites; with those it is a lure "
        "beside the URL."
    )
    try_hint: ClassVar[str] = "curl -H 'DD-API-KEY: {secret}' {url}/api/v1/validate"
    variable: ClassVar[str] = "DATADOG_API_KEY"
    base: ClassVar[str] = "DATADOG_HOST"

    def secret(self, stream: SeededRandom) -> str:
        return stream.text("key", HEX, 32)
