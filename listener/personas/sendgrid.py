"""The SendGrid API: what the key may do, which is to send; the sender is not verified.

www.twilio.com/docs/sendgrid/api-reference: API key permissions, mail send, "Responses".
"""

from __future__ import annotations

import re
from typing import ClassVar

from listener.personas import Answer
from listener.personas._key_api import Call, Headers, KeyApi

_SENDER = (
    "The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved. "
    "Visit https://sendgrid.com/docs/for-developers/sending-email/sender-identity/ "
    "to see the Sender Identity requirements"
)


class SendGrid(KeyApi):
    name: ClassVar[str] = "sendgrid"
    order: ClassVar[int] = 51
    kinds = frozenset({"sendgrid-key"})
    base = "/v3/"
    key = re.compile(r"SG\.[\w-]{16,32}\.[\w-]{32,64}")
    paths = re.compile(r"[a-z_]+")
    own = re.compile(r"(?:scopes|mail/send)\Z")

    def headers(self, call: Call) -> Headers:
        return (
            ("Access-Control-Allow-Methods", "HEAD, GET, PUT, POST, DELETE, OPTIONS, PATCH"),
            ("Access-Control-Max-Age", "21600"),
        )

    def stranger(self, call: Call) -> Answer:
        return self._error(call, 401, "authorization required")

    def reply(self, call: Call) -> Answer:
        if call.asked == "GET scopes":
            extra = call.who.pick("scopes", ([], ["mail.batch.read"], ["templates.read"], ["stats.read"]))
            scopes = ["mail.send", *extra, "sender_verification_eligible"]
            return self.said(call, 200, {"scopes": scopes}, "scopes")
        if call.asked == "POST mail/send":
            return self.said(
                call, 403, {"errors": [{"message": _SENDER, "field": "from", "help": None}]}, "denied"
            )
        return self._error(call, 403, "access forbidden")

    def _error(self, call: Call, status: int, message: str) -> Answer:
        return self.said(call, status, {"errors": [{"field": None, "message": message}]}, f"refused-{status}")
