"""The push service: takes what RFC 8030 lets it take, and answers the rest as Mozilla's does."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from canaries.protocols import push_endpoints
from canaries.protocols.push_endpoints import encoded, endpoint_token, retired_tag, subscription_keys
from listener.http.push_request import read_push_request
from listener.personas import Answer, Request
from listener.personas.push import PushService
from listener.protocol.identity import Identity
from tests import steady
from tests.listener.personas.conftest import KEY, NOW

SHAPES = {
    "push": [
        (
            "POST",
            f"/wpush/v2/{endpoint_token(bytes(32), 1, steady.key(name, push_endpoints.DRAWN))}",
            {"ttl": "60"},
        )
        for name in "ab"
    ],
}
"""Of another installation: the service knows neither."""
SAME_EVERYWHERE = True
"""404 with the service's own words."""

TOKEN = endpoint_token(KEY, 1_790_000_000, steady.key("drawn", push_endpoints.DRAWN))
LOOKUP = steady.key("lookup")


def vapid(host: str = "push.test", expires: int = NOW // 1_000_000 + 3600) -> dict[str, str]:
    sender = Vapid02()
    sender.generate_keys()
    claims = {"sub": "mailto:jo@alerts.example", "aud": f"https://{host}", "exp": expires}
    return {"authorization": sender.sign(claims)["Authorization"]}


def pushed(
    method: str = "POST",
    token: str = TOKEN,
    body: bytes = b"x" * 150,
    *,
    identity: Identity | None = None,
    **said: str,
) -> Answer:
    usual = {"host": "push.test", "ttl": "60", "content-encoding": "aes128gcm", **vapid()}
    headers = {
        name: value
        for name, value in (usual | {k.replace("_", "-"): v for k, v in said.items()}).items()
        if value
    }
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    request = Request(method, f"/wpush/v2/{token}".encode(), sent, body, tls=True, at=NOW)
    push = PushService(identity or Identity(KEY))
    assert push.claims(request)
    return push.answer(request)


def test_a_message_is_taken_with_its_place_and_its_time() -> None:
    answer = pushed()
    headers = dict(answer.headers)
    assert (answer.status, answer.body, answer.name) == (201, b"", "taken")
    assert headers["Location"].startswith("https://push.test/m/gAAAAABq")
    assert headers["TTL"] == "60"
    assert dict(pushed(body=b"y" * 150).headers)["Location"] != headers["Location"]
    assert dict(pushed(ttl="99999999999").headers)["TTL"] == str(60 * 86_400), (
        "RFC 8030, 5.2: what it is cut to"
    )
    assert pushed(body=b"", content_encoding="").status == 201


@pytest.mark.parametrize(
    ("said", "status", "number"),
    [
        ({"ttl": ""}, 400, 111),
        ({"ttl": "soon"}, 400, 111),
        ({"ttl": "1e9"}, 400, 111),
        ({"ttl": "9" * 5000}, 400, 111),
        ({"ttl": "-1"}, 400, 114),
        ({"content_encoding": ""}, 400, 110),
        ({"content_encoding": "gzip"}, 400, 110),
        ({"topic": "x" * 33}, 400, 113),
        ({"topic": "a b"}, 400, 113),
        ({"authorization": ""}, 401, 109),
        ({"authorization": "vapid t=a.b.c, k=d"}, 401, 109),
        (vapid(host="updates.push.test"), 401, 109),
        (vapid(host="[x"), 401, 109),
        (vapid(expires=NOW // 1_000_000 - 1), 401, 109),
        (vapid(expires=NOW // 1_000_000 + 86_401), 401, 109),
    ],
)
def test_what_the_service_does_not_take(said: dict[str, Any], status: int, number: int) -> None:
    answer = pushed(**said)
    found = json.loads(answer.body)
    assert (answer.status, found["code"], found["errno"]) == (status, status, number)
    assert set(found) == {"code", "errno", "error", "message", "more_info"}


def test_a_message_that_is_too_long_and_another_method() -> None:
    assert pushed(body=b"x" * 4097).status == 413
    assert pushed(body=b"x" * 4096).status == 201
    assert pushed("GET").status == 405


def test_a_made_up_endpoint_is_unknown_and_a_retired_one_is_gone() -> None:
    identity = Identity(KEY)
    assert json.loads(pushed(token=TOKEN[:-1] + "A", identity=identity).body)["errno"] == 102
    identity.retired = lambda: {retired_tag(KEY, TOKEN)}
    answer = pushed(identity=identity)
    assert (answer.status, json.loads(answer.body)["errno"]) == (410, 106)
    other = endpoint_token(KEY, 1_790_000_000, steady.key("other", push_endpoints.DRAWN))
    assert pushed(token=other, identity=identity).status == 201


def test_a_real_sender_goes_on_and_its_message_is_read(
    stand_in: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, session, seen = subscription_keys(LOOKUP, TOKEN), requests.Session(), list[Any]()
    monkeypatch.setattr("time.time", lambda: NOW / 1e6)
    session.hooks["response"].append(lambda answer, **_: seen.append(answer.request))
    sender = Vapid02()
    sender.generate_keys()
    told = {
        "endpoint": f"{stand_in}/wpush/v2/{TOKEN}",
        "keys": {"p256dh": encoded(keys.public), "auth": encoded(keys.auth)},
    }
    answer = webpush(
        told, json.dumps({"title": "Alert"}), vapid_private_key=sender, ttl=30, requests_session=session,
        vapid_claims={"sub": "mailto:jo@alerts.example"},
    )  # fmt: skip
    assert (answer.status_code, answer.headers["TTL"]) == (201, "30")
    head = "".join(f"{name}: {value}\r\n" for name, value in seen[0].headers.items())
    raw = f"POST {seen[0].path_url} HTTP/1.1\r\n{head}\r\n".encode() + seen[0].body
    found = read_push_request(raw, LOOKUP)
    assert found is not None
    assert found.message is not None
    assert found.message.content == b'{"title": "Alert"}'
    assert found.sender is not None
    assert (found.sender.problem, found.sender.subject) == ("", "mailto:jo@alerts.example")
    with pytest.raises(WebPushException, match="404"):
        webpush(
            {**told, "endpoint": told["endpoint"][:-1] + "A"}, "x", vapid_private_key=sender,  # type: ignore[index]
            vapid_claims={"sub": "mailto:jo@alerts.example"},
        )  # fmt: skip
