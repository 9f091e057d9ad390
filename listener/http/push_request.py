"""A request that sends a Web Push message to a subscription that is bait, read with the subscription's keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from canaries.core.text import decoded
from canaries.protocols.push_endpoints import subscription_keys, token_of
from listener.http.message import ParsedMessage, parse
from listener.protocol.vapid import VapidClaim, read_vapid
from listener.protocol.web_push import PushMessage, PushMessageError, read_push_message

FACET = "push_endpoint"
"""Of the token that an endpoint is known by."""
_VISIBLE = frozenset({"title", "body", "message", "text", "alert", "content", "subject", "subtitle"})
"""What a notification shows, by the names that services give it (Notifications API; declarative Web Push)."""
_MOST = 200
_QUIET = re.compile(r"[^\s:]{0,120}\Z")
"""A tag, the path of an icon: neither words nor a link."""


@dataclass(frozen=True, slots=True)
class PushRequest:
    """What was sent, and by whom."""

    request: ParsedMessage
    message: PushMessage | None
    problem: str
    """Why the message cannot be read; empty: it was, or there is none."""
    sender: VapidClaim | None

    def wordings(self) -> list[str]:
        """What it says, in each form that it may have been announced in; one empty text where that is not known."""
        if self.message is None:
            return [""]
        text = decoded(self.message.content)
        try:
            strings = list(_strings(msgspec.json.decode(self.message.content)))
        except (RecursionError, msgspec.DecodeError):
            return [text]
        if not strings or len(strings) > _MOST:
            return [text]
        found = [text, " ".join(value for _, value in strings)]
        shown = [value for name, value in strings if name in _VISIBLE]
        if all(_QUIET.match(value) for name, value in strings if name not in _VISIBLE):
            found.append(" ".join(shown))
        return found


def read_push_request(raw: bytes, lookup_key: bytes) -> PushRequest | None:
    """What the raw bytes of a request send; None where it is no POST to an endpoint. Never raises."""
    request = parse(raw)
    token = token_of(request.path)
    if request.method != "POST" or not token:
        return None
    fields = request.fields
    sender = read_vapid(fields.get("authorization", ""), fields.get("crypto-key", ""))
    encoding = fields.get("content-encoding", "").strip().lower()
    if not request.body:
        return PushRequest(request, None, "there is no message in it", sender)
    if encoding != "aes128gcm":
        return PushRequest(request, None, "it is not encrypted as RFC 8291 has it", sender)
    try:
        message = read_push_message(request.body, subscription_keys(lookup_key, token))
    except PushMessageError as error:
        return PushRequest(request, None, str(error), sender)
    return PushRequest(request, message, "", sender)


def _strings(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """(name, text) of each string, in order. Its depth is the decoder's, which is bounded."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, str(key).lower())
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, name)
