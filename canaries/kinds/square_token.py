"""A Square access token."""

from canaries.crypto.seeded_random import BASE62
from canaries.kinds._service import KeyForm, ServiceKey


class SquareToken(ServiceKey):
    name = "square-token"
    title = "A Square access token with a base URL that leads to a trap"
    fired_by = (
        "Code that passes SQUARE_BASE_URL to the client, or curl: the token comes in clear (Bearer). Silent: "
        "Square's library left to its environments; with it the token is a lure beside the URL."
    )
    try_hint = "curl -H 'Authorization: Bearer {secret}' {url}/v2/locations"
    variable = "SQUARE_ACCESS_TOKEN"
    base = "SQUARE_BASE_URL"
    form = KeyForm("EAAA", "token", BASE62, 60)  # with an underscore scanners do not know it
