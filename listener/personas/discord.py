"""The Discord API: which bot it is, in no server, and nothing may be seen.

discord.com/developers/docs: users, "HTTP status codes", error codes 0 and 50001.
"""

from __future__ import annotations

import base64
import re
from typing import Any, ClassVar

from canaries.crypto.seeded_random import HEX
from listener.personas import Answer, Request
from listener.personas._key_api import Call, Headers, KeyApi

_NAMES = ("deploy-alerts", "ops-bot", "build-watch", "statusbot", "release-notes", "oncall")


class DiscordApi(KeyApi):
    name: ClassVar[str] = "discord"
    order: ClassVar[int] = 34
    kinds = frozenset({"discord-bot-token"})
    base = "/api/"
    key = re.compile(r"[\w-]{20,30}\.[\w-]{6}\.[\w-]{27,45}")
    paths = own = re.compile(
        r"(?:v\d{1,2}/)?(?:users|guilds|channels|gateway|applications|oauth2|invites)(?:/|\Z)"
    )

    def shown(self, request: Request) -> str:
        return re.sub(r"\A(?:Bot|Bearer) ", "", request.authorization).strip()

    def claims(self, request: Request) -> bool:
        return super().claims(request) and (
            request.service_path.startswith("/api/v") or request.authorization.startswith("Bot ")
        )

    def headers(self, call: Call) -> Headers:
        return (
            ("x-ratelimit-bucket", call.who.text("bucket", HEX, 32)),
            ("x-ratelimit-limit", "30"),
            ("x-ratelimit-remaining", "29"),
            ("x-ratelimit-reset-after", "30.000"),
            ("via", "1.1 google"),
        )

    def stranger(self, call: Call) -> Answer:
        return self.said(call, 401, {"message": "401: Unauthorized", "code": 0}, "asks")

    def reply(self, call: Call) -> Answer:
        path = re.sub(r"\Av\d+/", "", call.path)
        if call.request.method == "GET" and path in (
            "users/@me",
            "oauth2/applications/@me",
            "applications/@me",
        ):
            return self.said(call, 200, self._bot(call), "me")
        if call.request.method == "GET" and path in ("users/@me/guilds", "users/@me/channels"):
            return self.said(call, 200, [], "list")
        return self.said(call, 403, {"message": "Missing Access", "code": 50001}, "denied")

    def _bot(self, call: Call) -> dict[str, Any]:
        first = call.key.partition(".")[0]
        try:
            number = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
        except ValueError:
            number = ""
        if not number.isdigit():
            number = str(call.who.between("id", 10**17, 10**18))
        return {
            "id": number,
            "username": call.who.pick("name", _NAMES),
            "avatar": None,
            "discriminator": f"{call.who.between('discriminator', 1, 9999):04d}",
            "public_flags": 0,
            "flags": 0,
            "bot": True,
            "banner": None,
            "accent_color": None,
            "global_name": None,
            "avatar_decoration_data": None,
            "banner_color": None,
            "mfa_enabled": True,
            "locale": "en-US",
            "premium_type": 0,
            "email": None,
            "verified": True,
            "bio": "",
        }
