"""A Mailgun private API key."""

from canaries.crypto.seeded_random import HEX
from canaries.kinds._service import KeyForm, ServiceKey


class MailgunKey(ServiceKey):
    name = "mailgun-key"
    title = "A Mailgun key with an API base that leads to a trap"
    fired_by = (
        "Code or curl that takes MAILGUN_API_BASE: the key comes in clear (Basic, user api), with the mail. "
        "Silent: libraries that know only the real API; with those it is a lure beside the URL."
    )
    try_hint = "curl -u 'api:{secret}' {url}/v3/domains"
    variable = "MAILGUN_API_KEY"
    base = "MAILGUN_API_BASE"
    form = KeyForm("key-", "key", HEX, 32)
