"""The hook for Flask: the WSGI middleware, and who was signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .noticing import Hook, short
from .wsgi import FACTS, WsgiSensor

if TYPE_CHECKING:
    from flask import Flask


def install(app: Flask, hook: Hook, account: Callable[[], object] | None = None) -> None:
    """Watch the requests of ``app``. ``account``: who is signed in, asked behind each request that is not a read; by
    default what Flask-Login's session says."""
    from flask import request, session

    @app.after_request
    def note(response: Any) -> Any:
        try:
            who = account() if account is not None else session.get("_user_id")
            cookie = request.cookies.get(app.config["SESSION_COOKIE_NAME"], "")
            request.environ[FACTS] = {"account": who, "session": short(cookie), "endpoint": request.endpoint}
        except Exception:  # noqa: BLE001  a sensor must never stop its application
            return response
        return response

    app.wsgi_app = WsgiSensor(app.wsgi_app, hook)  # type: ignore[method-assign]
