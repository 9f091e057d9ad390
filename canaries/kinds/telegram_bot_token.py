"""A Telegram bot token."""

from __future__ import annotations

from canaries.crypto.seeded_random import URLSAFE, SeededRandom
from canaries.kinds._service import ServiceKey


class TelegramBotToken(ServiceKey):
    name = "telegram-bot-token"
    title = "A Telegram bot token with an API server that leads to a trap"
    fired_by = (
        "Bots that take a Bot API server of their own (python-telegram-bot base_url, aiogram, curl): the "
        "token comes in clear, in the path. Silent: bots left to the public server; with those it is a lure "
        "beside the URL."
    )
    try_hint = "curl {url}/bot{secret}/getMe"
    variable = "TELEGRAM_BOT_TOKEN"
    base = "TELEGRAM_API_URL"

    def secret(self, stream: SeededRandom) -> str:
        return f"{stream.between('bot', 10**9, 8 * 10**9)}:AA{stream.text('secret', URLSAFE, 33)}"
