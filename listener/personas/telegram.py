"""A Telegram Bot API server: which bot it is; another process has its updates, and no chat is known.

core.telegram.org/bots/api: "Making requests", getMe, getUpdates; the errors' words are the server's.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from canaries.crypto.seeded_random import HEX
from listener.personas import Answer, Persona, Request

_PATH = re.compile(r"/(?:file/)?bot(\d{6,12}):([\w-]{30,50})(?:/test)?/(\w{2,60})\Z")
_NAMES = ("alerts", "deploy", "oncall", "status", "monitor", "backup")
_BUSY = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
_DONE = frozenset({"deletewebhook", "setmycommands", "close", "logout"})
_HOOK = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}


class TelegramApi(Persona):
    name: ClassVar[str] = "telegram"
    order: ClassVar[int] = 26
    kinds = frozenset({"telegram-bot-token"})
    prefix = re.compile(r"/(?:file/)?bot")

    def claims(self, request: Request) -> bool:
        return _PATH.match(request.service_path) is not None

    def answer(self, request: Request) -> Answer:
        found = _PATH.match(request.service_path)
        if found is None:
            return self._error(404, "Not Found")
        number, method = int(found[1]), found[3].lower()
        if method == "getme":
            return _ok(self._bot(number, found[2]), "getMe")
        if method == "getupdates":
            return self._error(409, _BUSY)
        if method == "getwebhookinfo":
            return _ok(_HOOK, "webhook")
        if method in _DONE:
            return _ok(True, "done")
        if method in ("getmycommands", "getuserprofilephotos"):
            return _ok([], "list")
        if method.startswith(("send", "forward", "copy", "getchat", "edit", "delete", "ban", "export")):
            return self._error(400, "Bad Request: chat not found")
        return self._error(404, "Not Found: method not found")

    def _bot(self, number: int, secret: str) -> dict[str, Any]:
        who = self.identity.stream(f"telegram:{secret}")
        name = who.pick("name", _NAMES)
        return {
            "id": number,
            "is_bot": True,
            "first_name": name.capitalize(),
            "username": f"{name}_{who.text('number', HEX, 5)}_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    @staticmethod
    def _error(status: int, description: str) -> Answer:
        document = {"ok": False, "error_code": status, "description": description}
        return Answer.of_json(status, document, name=f"refused-{status}")


def _ok(result: Any, name: str) -> Answer:
    return Answer.of_json(200, {"ok": True, "result": result}, name=name)
