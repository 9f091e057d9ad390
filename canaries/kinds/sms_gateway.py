"""The account of an SMS gateway, in the shape of Twilio's."""

from __future__ import annotations

from typing import ClassVar

from canaries.core.model import Bait, Token
from canaries.crypto.seeded_random import HEX
from canaries.kinds import Kind, NoOptions, Order

_BASE_NAMES = (
    "TWILIO_BASE_URL",
    "TWILIO_API_BASE",
    "TWILIO_API_BASE_URL",
    "TWILIO_API_URL",
    "TWILIO_ENDPOINT",
)
"""Twilio's own libraries have no such variable; self-made services call it one of these."""


class SmsGateway(Kind):
    name: ClassVar[str] = "sms-gateway"
    title: ClassVar[str] = "An SMS gateway's account id, keys and base URL, Twilio-shaped"
    fired_by: ClassVar[str] = (
        "Code or curl that takes the base URL: account id and token come in clear (Basic), with number and text of the "
        "message. Silent: Twilio's own library with the bare keys, it knows only the real API."
    )
    plant_hint: ClassVar[str] = "In the .env or the settings of a service that sends messages."
    try_hint: ClassVar[str] = (
        "curl -u '{account_sid}:{auth_token}' --data-urlencode To=+12025550123 --data-urlencode From=+12025550100 "
        "-d Body=test {url}/2010-04-01/Accounts/{account_sid}/Messages.json\n"
        "python -c \"import requests; print(requests.post('{url}/2010-04-01/Accounts/{account_sid}/Messages.json', "
        "auth=('{account_sid}', '{auth_token}'), timeout=10, "
        "data={'To': '+12025550123', 'From': '+12025550100', 'Body': 'test'}).json())\""
    )

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        account, key = "AC" + stream.text("account", HEX, 32), "SK" + stream.text("key", HEX, 32)
        token = stream.text("token", HEX, 32)
        text = (
            f"TWILIO_ACCOUNT_SID={account}\nTWILIO_AUTH_TOKEN={token}\nTWILIO_API_KEY={key}\n"
            f"{stream.pick('base', _BASE_NAMES)}={site.url}\n"
        )
        tokens = (
            Token("auth_token", token),
            Token("api_key", key),
            Token("account_sid", account),
            *site.tokens,
        )
        row = {
            "account_sid": account,
            "auth_token": token,
            "api_key": key,
            "url": site.url,
            "host": site.host,
        }
        return Bait(tokens, text, row=row)
