"""An SMS gateway in the shape of Twilio's REST API, 2010-04-01: the account, its messages, sending one.

twilio.com/docs/sms/api/message-resource, /docs/iam/api/account, /docs/api/errors (20003, 20404, 21602, 21604).
A message is queued, as the real API says at once; nothing is sent to anybody.
"""

from __future__ import annotations

import re
from email.utils import format_datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs

from canaries.core.clock import from_micros
from canaries.crypto.seeded_random import HEX
from listener.personas import Answer, Persona, Request

_PATH = re.compile(
    r"/2010-04-01/Accounts(?:/(AC[0-9a-f]{32})(?:/(Messages|Balance|IncomingPhoneNumbers))?)?(?:\.json)?\Z"
)
_LOGIN = re.compile(r"((?:AC|SK)[0-9a-f]{32}):.{16,}\Z")
_NAMES = ("Alerts", "Notifications", "Production", "Messaging", "SMS Gateway", "On-call")
_SEGMENT = 153
"""Characters of one part of a long message (3GPP TS 23.040, with its 6-byte header)."""


class Sms(Persona):
    name: ClassVar[str] = "sms"
    order: ClassVar[int] = 30
    kinds = frozenset({"sms-gateway"})
    segments = frozenset({"2010-04-01"})
    prefix = re.compile(r"/2010-04-01/")

    def claims(self, request: Request) -> bool:
        return request.service_path.startswith("/2010-04-01/")

    def answer(self, request: Request) -> Answer:
        login, path = _LOGIN.match(request.credential), _PATH.match(request.service_path)
        if login is None:
            challenge = ("WWW-Authenticate", 'Basic realm="Twilio API"')
            return _error(401, 20003, "Authenticate", challenge)
        account = path[1] or login[1] if path else ""
        if not path or not account.startswith("AC"):
            return _error(404, 20404, f"The requested resource {request.service_path} was not found")
        root = f"/2010-04-01/Accounts/{account}"
        if path[2] == "Messages" and request.method == "POST":
            return self._queue(request, account, root)
        if path[2] == "Balance":
            return Answer.of_json(
                200, {"account_sid": account, "balance": self._balance(account), "currency": "USD"}
            )
        if path[2]:
            page = {
                "page": 0,
                "page_size": 50,
                "uri": f"{root}/{path[2]}.json?PageSize=50&Page=0",
                "next_page_uri": None,
            }
            return Answer.of_json(
                200, {re.sub(r"(?<!^)(?=[A-Z])", "_", path[2]).lower(): [], **page}, name="list"
            )
        name = self.identity.stream(f"sms:{account}").pick("name", _NAMES)
        told = {
            "sid": account,
            "friendly_name": name,
            "status": "active",
            "type": "Full",
            "owner_account_sid": account,
        }
        return Answer.of_json(200, {**told, "uri": f"{root}.json"}, name="account")

    def _queue(self, request: Request, account: str, root: str) -> Answer:
        form = {
            name: values[0]
            for name, values in parse_qs(request.body[:65536].decode("utf-8", "replace")).items()
        }
        if not form.get("To"):
            return _error(400, 21604, "A 'To' phone number is required.")
        if not form.get("Body") and not form.get("MediaUrl"):
            return _error(400, 21602, "Message body is required.")
        text, sid = form.get("Body", ""), "SM" + self.identity.once("sms", request.seen).text("sid", HEX, 32)
        now = format_datetime(from_micros(request.at))
        message: dict[str, Any] = {
            "account_sid": account,
            "api_version": "2010-04-01",
            "body": text,
            "date_created": now,
            "date_sent": None,
            "date_updated": now,
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": form.get("From"),
            "messaging_service_sid": form.get("MessagingServiceSid"),
            "num_media": "0",
            "num_segments": str(1 if len(text) <= 160 else -(-len(text) // _SEGMENT)),
            "price": None,
            "price_unit": "USD",
            "sid": sid,
            "status": "queued",
            "subresource_uris": {"media": f"{root}/Messages/{sid}/Media.json"},
            "to": form["To"],
            "uri": f"{root}/Messages/{sid}.json",
        }
        return Answer.of_json(201, message, name="queued")

    def _balance(self, account: str) -> str:
        cents = self.identity.stream(f"sms:{account}").between("balance", 2_000, 90_000)
        return f"{cents // 100}.{cents % 100:02d}"


def _error(status: int, code: int, message: str, *headers: tuple[str, str]) -> Answer:
    more = f"https://www.twilio.com/docs/errors/{code}"
    document = {"code": code, "message": message, "more_info": more, "status": status}
    return Answer.of_json(status, document, *headers)
