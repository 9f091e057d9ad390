"""What was pushed is a fact of its own, marked with whose keys read it; what is no push has none."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from canaries.installation.home import Home
from canaries.protocols.push_endpoints import subscription_keys
from listener.facts import Use
from listener.facts.push import PushedMessage
from tests.listener.http.test_push_request import TOKEN, raw
from tests.listener.protocol.test_vapid import KEY
from tests.listener.protocol.test_vapid import TOKEN as SIGNED
from tests.listener.protocol.test_web_push import sealed


def pushed(use: Callable[..., Use], body: bytes, **headers: str) -> Use:
    found = use(facet="push_endpoint", trap="http")
    sighting = msgspec.structs.replace(found.sighting, trap="http", raw=raw(body, **headers))
    return msgspec.structs.replace(found, sighting=sighting)


def test_a_message_and_its_sender(use: Callable[..., Use], home: Home) -> None:
    body = sealed(b"Turn yourself in. \x1b[31m", subscription_keys(home.keys.lookup, TOKEN))
    headers = {"TTL": "60", "Urgency": "high", "Authorization": f"vapid t={SIGNED}, k={KEY}"}
    fact = PushedMessage(home.path).derive(pushed(use, body, **headers), {})
    assert fact is not None
    assert (fact["result"], fact["text"], fact["bytes"]) == ("read", "Turn yourself in. \x1b[31m", 23)
    assert fact["headers"] == {"ttl": "60", "urgency": "high"}
    assert fact["sender"] == "signed with its key"
    assert fact["sender_says"]["subject"] == "mailto:push@example.com"
    assert fact["sender_expires"] == 1453523768


def test_one_that_cannot_be_read_says_why(use: Callable[..., Use], home: Home) -> None:
    fact = PushedMessage(home.path).derive(pushed(use, b"x" * 100), {})
    assert fact is not None
    assert (fact["result"], fact["sender"]) == ("not read", "names nobody")
    assert "text" not in fact


def test_what_is_no_push_has_no_such_fact(use: Callable[..., Use], home: Home) -> None:
    assert PushedMessage(home.path).derive(use(facet="path"), {}) is None
    get = use(facet="push_endpoint", trap="http")
    assert PushedMessage(home.path).derive(get, {}) is None
