"""A Datadog API key."""

from canaries.crypto.seeded_random import HEX
from canaries.kinds._service import KeyForm, ServiceKey


class DatadogKey(ServiceKey):
    name = "datadog-key"
    title = "A Datadog API key with a host that is a trap"
    fired_by = (
        "The datadog library (not v2 of the API client): it honours DATADOG_HOST and sends the key in clear "
        "(DD-API-KEY header). Silent: agents and clients with a fixed list of sites; with those it is a lure "
        "beside the URL."
    )
    try_hint = "curl -H 'DD-API-KEY: {secret}' {url}/api/v1/validate"
    variable = "DATADOG_API_KEY"
    base = "DATADOG_HOST"
    form = KeyForm("", "key", HEX, 32)
