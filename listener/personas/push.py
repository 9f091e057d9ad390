"""A push service (RFC 8030) as Mozilla's autopush answers: takes messages to subscriptions, delivers them to nobody.

mozilla-services.github.io/autopush-rs (HTTP endpoints, error codes). What is signed by nobody, or carries no TTL, is
refused as there; a message is never read here: the subscription's keys are elsewhere.
"""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import urlsplit

from canaries.protocols.push_endpoints import encoded, genuine, retired_tag, token_of
from listener.personas import Answer, Persona, Request
from listener.protocol.vapid import LONGEST_SECONDS, read_vapid

_LONGEST_TTL = 60 * 86_400
_LARGEST = 4096
"""Bytes of a message; and Mozilla's limit."""
_TOPIC = re.compile(r"[A-Za-z0-9_-]+=*\Z")
_TTL = re.compile(r"[+-]?\d{1,18}\Z")
_MORE = "https://mozilla-services.github.io/autopush-rs/errors.html"
_REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    410: "Gone",
    413: "Payload Too Large",
}


class PushService(Persona):
    name: ClassVar[str] = "push"
    order: ClassVar[int] = 30
    kinds = frozenset({"push-subscription"})
    segments = frozenset({"wpush"})
    prefixless = "an endpoint is one path, and what is none is the push service's own page"

    def claims(self, request: Request) -> bool:
        return request.service_path.startswith("/wpush/")

    def answer(self, request: Request) -> Answer:
        token = token_of(request.service_path)
        if not genuine(self.identity.key, token):
            return _error(404, 102, "Invalid token")
        if retired_tag(self.identity.key, token) in self.identity.retired():
            return _error(410, 106, "No such subscription", ("Cache-Control", "max-age=86400"))
        if request.method != "POST":
            return Answer(405, (("Allow", "POST"),), b"", "method")
        if (refused := self._refused(request)) is not None:
            return refused
        ttl = min(int(request.header(b"ttl")), _LONGEST_TTL)
        drawn = self.identity.once("push", request.seen).draw_bytes("message", 120)
        message = encoded(b"\x80" + (request.at // 1_000_000).to_bytes(8, "big") + drawn)
        return Answer(201, (("Location", f"{request.root}/m/{message}"), ("TTL", str(ttl))), b"", "taken")

    @staticmethod
    def _refused(request: Request) -> Answer | None:
        """What the service does not take, in the order in which it looks."""
        if len(request.body) > _LARGEST:
            return _error(413, 104, "Request body is too large")
        if (why := _unknown_sender(request)) is not None:
            return _error(401, 109, why)
        ttl = request.header(b"ttl")
        if not _TTL.match(ttl):
            return _error(400, 111, "Missing TTL value")
        encoding = request.header(b"content-encoding")
        if request.body and encoding not in ("aes128gcm", "aesgcm"):
            said = "Unknown Content-Encoding header" if encoding else "Missing Content-Encoding header"
            return _error(400, 110, said)
        if int(ttl) < 0:
            return _error(400, 114, "TTL must be greater than 0")
        topic = request.header(b"topic")
        if len(topic) > 32 or (topic and not _TOPIC.match(topic)):
            return _error(400, 113, "Topic must be no greater than 32 characters")
        return None


def _unknown_sender(request: Request) -> str | None:
    """What is wrong with what the sender says of themselves; None where nothing is."""
    claim = read_vapid(request.authorization, request.header(b"crypto-key"))
    now = request.at // 1_000_000
    if claim is None:
        return "Missing VAPID token"
    if claim.problem:
        return "Invalid VAPID public key" if "key" in claim.problem else "Invalid VAPID token"
    if not now <= claim.expires <= now + LONGEST_SECONDS:
        return "VAPID token expired" if claim.expires < now else "A value in the vapid claims is invalid"
    try:
        audience = urlsplit(claim.audience).hostname or ""
    except ValueError:
        audience = ""
    return None if audience == request.hostname else "Invalid VAPID audience"


def _error(status: int, number: int, message: str, *headers: tuple[str, str]) -> Answer:
    document = {
        "code": status,
        "errno": number,
        "error": _REASONS[status],
        "message": message,
        "more_info": _MORE,
    }
    return Answer.of_json(status, document, *headers, name=str(number))
