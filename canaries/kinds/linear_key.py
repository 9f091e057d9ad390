"""A Linear personal API key."""

from canaries.crypto.seeded_random import BASE62
from canaries.kinds._service import KeyForm, ServiceKey


class LinearKey(ServiceKey):
    name = "linear-key"
    title = "A Linear API key with an API URL that leads to a trap"
    fired_by = (
        "Code or curl that takes LINEAR_API_URL: the key comes in clear (Authorization), with the query. "
        "Silent: Linear's own SDK left to its default; with it the key is a lure beside the URL."
    )
    try_hint = "curl -H 'Authorization: {secret}' -d query= {url}"
    variable = "LINEAR_API_KEY"
    base = "LINEAR_API_URL"
    path = "/graphql"
    form = KeyForm("lin_api_", "key", BASE62, 40)
