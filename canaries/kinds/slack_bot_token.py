"""A Slack bot token."""

from __future__ import annotations

from canaries.crypto.seeded_random import BASE62, SeededRandom
from canaries.kinds._service import ServiceKey


class SlackBotToken(ServiceKey):
    name = "slack-bot-token"
    title = "A Slack bot token with an API base that leads to a trap"
    fired_by = (
        "Code that passes SLACK_API_BASE to slack_sdk's base_url, or curl: the token comes in clear (Bearer). "
        "Silent: slack_sdk by itself, which knows only the real API; with it the token is a lure beside the "
        "URL."
    )
    try_hint = "curl -X POST -H 'Authorization: Bearer {secret}' {url}/auth.test"
    variable = "SLACK_BOT_TOKEN"
    base = "SLACK_API_BASE"
    path = "/api"

    def secret(self, stream: SeededRandom) -> str:
        team, bot = stream.between("team", 10**10, 10**13 - 1), stream.between("bot", 10**11, 10**13 - 1)
        return f"xoxb-{team}-{bot}-{stream.text('secret', BASE62, 24)}"
