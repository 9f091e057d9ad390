"""A DigitalOcean personal access token."""

from canaries.crypto.seeded_random import HEX
from canaries.kinds._service import KeyForm, ServiceKey


class DigitaloceanToken(ServiceKey):
    name = "digitalocean-token"
    title = "A DigitalOcean token with an API URL that leads to a trap"
    fired_by = (
        "doctl and terraform (DIGITALOCEAN_API_URL), and curl: the token comes in clear (Bearer). Silent: "
        "pydo over plain http, which refuses to send it; scanners that take the bare token to the real API."
    )
    try_hint = "curl -H 'Authorization: Bearer {secret}' {url}/v2/account"
    variable = "DIGITALOCEAN_TOKEN"
    base = "DIGITALOCEAN_API_URL"
    form = KeyForm("dop_v1_", "token", HEX, 64)
