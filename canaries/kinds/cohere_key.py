"""A Cohere API key."""

from canaries.crypto.seeded_random import BASE62
from canaries.kinds._service import KeyForm, ServiceKey


class CohereKey(ServiceKey):
    name = "cohere-key"
    title = "A Cohere key with an API URL that leads to a trap"
    fired_by = (
        "The cohere library: it honours CO_API_URL and sends the key in clear (Bearer), with the prompt and "
        "the machine's kernel release. Silent: scanners that take the bare key to the real API."
    )
    try_hint = "curl -H 'Authorization: Bearer {secret}' {url}/v1/models"
    variable = "CO_API_KEY"
    base = "CO_API_URL"
    form = KeyForm("", "key", BASE62, 40)
