"""A Telegram bot token."""

from __future__ import annotations

from typing import ClassVar

from canaries.crypto.seeded_random import URLSAFE, SeededRandom
from canaries.kinds._service import ServiceKey


class TelegramBotToken(ServiceKey):
    name: ClassVar[str] = "telegram-bot-token"
    title: ClassVar[str] = "A Telegram bot token with an API server that leads to a trap"
    fired_by: ClassVar[str] = (
        "Bots that take a Bot API server of their own (python-telegram-bot base_url, aiogram, curl): the "
        "token comes in clear, in the path. Silent: bots left to the public server; with those it is a lure "
        "beside the URL."
    )
    try_hint: ClassVar[str] = "curl {url}/bot{secret}/getMe"
    variable: ClassVar[str] = "TELEGRAM_BOT_TOKEN"
    base: ClassVar[str] = "TELEGRAM_API_URL"

    def secret(self, stream: SeededRandom) -> str:
        return f"{stream.between('bot', 10**9, 8 * 10**9)}:AA{stream.text('secret', URLSAFE, 33)}"
