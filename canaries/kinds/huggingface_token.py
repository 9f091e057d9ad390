"""A Hugging Face access token."""

from canaries.crypto.seeded_random import BASE62
from canaries.kinds._service import KeyForm, ServiceKey

_LETTERS = BASE62[10:]


class HuggingfaceToken(ServiceKey):
    name = "huggingface-token"
    title = "A Hugging Face token with an endpoint that leads to a trap"
    fired_by = (
        "huggingface_hub and the hf command: they honour HF_ENDPOINT and send the token in clear (Bearer). "
        "Silent: scanners that take the bare token to the real hub."
    )
    try_hint = "curl -H 'Authorization: Bearer {secret}' {url}/api/whoami-v2"
    variable = "HF_TOKEN"
    base = "HF_ENDPOINT"
    form = KeyForm("hf_", "token", _LETTERS, 34)
