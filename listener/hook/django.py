"""The hook for Django: who was signed in, for the WSGI or ASGI middleware that wraps the application.

MIDDLEWARE = [..., "trapline_hook.django.FactsMiddleware"]           # last, in settings.py
application = WsgiSensor(get_wsgi_application(), hook)         # in wsgi.py
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .noticing import short
from .wsgi import FACTS


class FactsMiddleware:
    """Notes account, session and view of a request."""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self._get_response = get_response

    def __call__(self, request: Any) -> Any:
        response = self._get_response(request)
        try:
            user, session = getattr(request, "user", None), getattr(request, "session", None)
            match = request.resolver_match
            place = request.scope if hasattr(request, "scope") else request.META
            place[FACTS] = {
                "account": user.get_username() if user is not None and user.is_authenticated else None,
                "session": short(session.session_key or "") if session is not None else "",
                "endpoint": match.view_name if match else "",
            }
        except Exception:  # noqa: BLE001  a sensor must never stop its application
            return response
        return response
