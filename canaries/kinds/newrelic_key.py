"""A New Relic user key."""

from canaries.crypto.seeded_random import BASE62
from canaries.kinds._service import KeyForm, ServiceKey

_CAPITALS = BASE62[:36]


class NewrelicKey(ServiceKey):
    name = "newrelic-key"
    title = "A New Relic user key with an API base that leads to a trap"
    fired_by = (
        "Code or curl that takes NEW_RELIC_API_URL: the key comes in clear (Api-Key header). Silent: New "
        "Relic's own tools, which know only the real API; with those it is a lure beside the URL."
    )
    try_hint = "curl -H 'Api-Key: {secret}' {url}/graphql"
    variable = "NEW_RELIC_API_KEY"
    base = "NEW_RELIC_API_URL"
    form = KeyForm("NRAK-", "key", _CAPITALS, 27)
