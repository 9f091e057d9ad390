"""The hook for ASGI: FastAPI, Starlette, Django, Quart, any ``application(scope, receive, send)``.

The request goes on unchanged and is answered as ever. Of a body it sees what the application itself receives. The
application may put facts of its own into ``scope["sensor.facts"]`` (account, session).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from .noticing import Hook
from .values import KEY_HEADERS, LARGEST_BODY, Value, authorization, body, cookies, fields

FACTS = "sensor.facts"
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
_KEYS = {name.encode(): f"header {name}" for name in KEY_HEADERS}
_READ = (b"application/x-www-form-urlencoded", b"application/json")


class AsgiSensor:
    """Wraps an application: ``app.add_middleware(AsgiSensor, hook=hook)``."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]], hook: Hook) -> None:
        self._app, self._hook = app, hook

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        values, media = _head(scope)
        found = self._hook.bait(values)
        reads = media.startswith(_READ)
        if not reads and not found:
            self._hook.turn()
            await self._app(scope, receive, send)
            return
        seen, status = bytearray(), 0

        async def receiving() -> Message:
            message = await receive()
            if message["type"] == "http.request" and len(seen) <= LARGEST_BODY:
                seen.extend(message.get("body", b""))
            return message

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receiving if reads else receive, sending)
        finally:
            self._report(scope, found, bytes(seen), media.decode("latin-1"), status)

    def _report(self, scope: Scope, found: list[Value], data: bytes, media: str, status: int) -> None:
        """Behind the answer."""
        try:
            found = found + self._hook.bait(body(data, media))
            self._hook.turn()
            if found:
                self._hook.report(found, "", {**_facts(scope), "status": status, **scope.get(FACTS, {})})
        except Exception:  # noqa: BLE001  a sensor must never stop its application
            return


def _head(scope: Scope) -> tuple[list[Value], bytes]:
    found: list[Value] = []
    media = b""
    for name, value in scope["headers"]:
        if name == b"content-type":
            media = value
        elif name == b"authorization":
            found += authorization(value.decode("latin-1"))
        elif name == b"cookie":
            found += cookies(value.decode("latin-1"))
        elif name in _KEYS:
            found.append((_KEYS[name], value.decode("latin-1")))
    if query := scope.get("query_string"):
        found += fields(query.decode("latin-1"), "query")
    return found, media


def _facts(scope: Scope) -> dict[str, object]:
    headers = {name: value.decode("latin-1") for name, value in reversed(scope["headers"])}
    client = scope.get("client")
    return {
        "client": client[0] if client else "",
        "method": scope.get("method", ""),
        "route": scope.get("path", ""),
        "host": headers.get(b"host", ""),
        "user_agent": headers.get(b"user-agent", ""),
    }
