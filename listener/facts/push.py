"""What a Web Push message to a canary subscriber says, and who signed for it: read with the subscription's keys."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import ClassVar

from canaries.core.text import decoded
from canaries.crypto.keys import Keys
from listener.evidence.derived import Facts, PushFact
from listener.facts import Source, Use
from listener.http.push_request import FACET, PushRequest, read_push_request

_SHOWN = 1000
"""Characters of the message; all of it is in the raw request."""
_HEADERS = ("ttl", "urgency", "topic")


class PushedMessage(Source):
    """Says nothing of what is no such message."""

    name: ClassVar[str] = "push"
    order: ClassVar[int] = 20

    @cached_property
    def _lookup(self) -> bytes:
        keys = Keys(self.home / "keys")
        return keys.lookup if keys.has("lookup") else b""

    def derive(self, use: Use, facts: Facts) -> PushFact | None:
        if use.trap != "http" or FACET not in (use.facet, *use.facets):
            return None
        found = read_push_request(use.sighting.raw, self._lookup)
        return None if found is None else _fact(found)


def _fact(found: PushRequest) -> PushFact:
    fact = PushFact(source="the subscription's keys (RFC 8291, RFC 8292)")
    if found.message is None:
        fact |= PushFact(result="not read", why=found.problem)
    else:
        content = found.message.content
        text = decoded(content)
        fact |= PushFact(
            result="read", text=text[:_SHOWN], bytes=len(content), sha256=hashlib.sha256(content).hexdigest()
        )
    fact["headers"] = {
        name: found.request.fields[name][:64] for name in _HEADERS if name in found.request.fields
    }
    sender = found.sender
    if sender is None:
        return fact | PushFact(sender="names nobody")
    said = {"key": sender.key, "subject": sender.subject, "audience": sender.audience}
    return fact | PushFact(
        sender=sender.problem or "signed with its key",
        sender_says={name: value for name, value in said.items() if value},
        sender_expires=sender.expires,
    )
