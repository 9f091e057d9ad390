"""A Discord bot token."""

from __future__ import annotations

import base64

from canaries.crypto.seeded_random import URLSAFE, SeededRandom
from canaries.kinds._service import ServiceKey


class DiscordBotToken(ServiceKey):
    name = "discord-bot-token"
    title = "A Discord bot token with an API base that leads to a trap"
    fired_by = (
        "Code or curl that takes DISCORD_API_BASE: the token comes in clear (Authorization: Bot). Silent: "
        "Discord libraries, which know only the real API; with those it is a lure beside the URL."
    )
    try_hint = "curl -H 'Authorization: Bot {secret}' {url}/users/@me"
    variable = "DISCORD_BOT_TOKEN"
    base = "DISCORD_API_BASE"
    path = "/api/v10"

    def secret(self, stream: SeededRandom) -> str:
        bot = str(stream.between("bot", 10**17, 10**18 - 1)).encode()
        name = base64.urlsafe_b64encode(bot).decode().rstrip("=")  # the bot's id
        return f"{name}.{stream.text('time', URLSAFE, 6)}.{stream.text('secret', URLSAFE, 38)}"
