"""ASGI: as for WSGI, with FastAPI's own parts as the application's."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from listener.hook import Hook
from listener.hook.asgi import FACTS, AsgiSensor
from tests import steady
from tests.listener.hook.conftest import BAIT

FORM = b"application/x-www-form-urlencoded"


async def echo(scope: Any, receive: Any, send: Any) -> None:
    data = b""
    while True:
        message = await receive()
        data += message.get("body", b"")
        if not message.get("more_body"):
            break
    scope[FACTS] = {"account": "17"}
    await send({"type": "http.response.start", "status": 401, "headers": []})
    await send({"type": "http.response.body", "body": data or b"nothing"})


def call(
    application: Any, *parts: bytes, query: bytes = b"", headers: tuple[tuple[bytes, bytes], ...] = ()
) -> bytes:
    scope = {
        "type": "http", "method": "POST", "path": "/api/search", "query_string": query, "headers": list(headers),
        "client": ("203.0.113.7", 4000),
    }  # fmt: skip
    waiting = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    waiting.append({"type": "http.request", "body": b""})
    said = []

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        said.append(message.get("body", b""))

    asyncio.run(application(scope, receive, send))
    return b"".join(said)


@pytest.mark.parametrize(
    ("parts", "query", "headers", "where"),
    [
        ((), f"q={BAIT[0]}".encode(), (), "query q"),
        ((), b"", ((b"cookie", b"sid=" + BAIT[1].encode()),), "cookie sid"),
        ((), b"", ((b"authorization", b"Bearer " + BAIT[1].encode()),), "authorization bearer"),
        ((), b"", ((b"x-api-key", BAIT[1].encode()),), "header x-api-key"),
        ((b"email=planted.person%40harb", b"our.example"), b"", ((b"content-type", FORM),), "form email"),
    ],
)
def test_bait_is_noticed_wherever_it_is(
    fake_listener: Any, hook: Hook, parts: Any, query: bytes, headers: Any, where: str
) -> None:
    said = call(AsgiSensor(echo, hook), *parts, query=query, headers=headers)
    assert said == (b"".join(parts) or b"nothing")
    (report,) = steady.until(lambda: fake_listener.reports)
    assert [one["where"] for one in report["found"]] == [where]
    facts = report["facts"]
    assert (facts["account"], facts["client"], facts["status"]) == ("17", "203.0.113.7", 401)
    assert report["event"] == "search"


def test_an_application_that_fails_fails_as_before(fake_listener: Any, hook: Hook) -> None:
    async def broken(*_: Any) -> None:
        raise LookupError("its own")

    with pytest.raises(LookupError, match="its own"):
        call(AsgiSensor(broken, hook), headers=((b"x-api-key", BAIT[1].encode()),))
    assert steady.until(lambda: fake_listener.reports)


def test_what_is_no_request_passes(hook: Hook) -> None:
    seen = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append((scope, receive, send))

    scope = {"type": "lifespan"}
    asyncio.run(AsgiSensor(application, hook)(scope, print, print))  # type: ignore[arg-type]
    assert seen == [(scope, print, print)]
