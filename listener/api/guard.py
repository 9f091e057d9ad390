"""Before any route runs: who asks, how often, whether their role allows it. Behind every one: headers.

Only a token in the field ``Authorization`` counts. Cookies are not looked at, so that no page of another site can have
a browser ask in its operator's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, Response, current_app, g, request

from canaries.accounts import backoff, tokens
from canaries.core.errors import AccessError, NotFoundError
from canaries.ledger.entries import new_id
from listener.api.problems import ApiError

if TYPE_CHECKING:
    from canaries.accounts.permissions import Actor, Permission
    from canaries.installation.home import Home
    from listener.api.jobs import JobBoard
    from listener.api.rates import RateLimiter

MOST_BODY, MOST_UPLOAD = 1 << 20, 8 << 20
"""Bytes of a body; of orders of many lines and of a file to scan."""
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What a route declares."""

    needs: Permission | None
    """None with ``open``: anybody; None without: any valid token."""
    open: bool = False
    takes: str = ""
    """Media type of its body; empty: it takes none."""
    conditional: bool = False
    """Whether it needs If-Match: two people may edit what it is about."""


@dataclass(frozen=True, slots=True)
class ApiContext:
    """What all requests share."""

    home: Home
    jobs: JobBoard
    limiter: RateLimiter


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and the home in which they act."""

    actor: Actor
    home: Home
    jobs: JobBoard


def api_context() -> ApiContext:
    """Of the running application."""
    return cast("ApiContext", current_app.extensions["trapline-api"])


def caller() -> Caller:
    """Who asks. Only in routes that are not open."""
    return cast("Caller", g.caller)


def rule_of(view: Any) -> Rule | None:
    """What this view declared; None where it declared nothing."""
    return cast("Rule | None", getattr(view, "rule", None))


def install(app: Flask) -> None:
    """Put the checks before, and the headers behind, everything that ``app`` does."""

    @app.before_request
    def _check() -> None:
        g.request_id = new_id()
        request.max_content_length = MOST_BODY
        network = backoff.network_of(request.remote_addr or "")
        if request.endpoint is None:  # 404 or 405 follows, from Werkzeug; strangers may ask so often only
            _slow_down(f"network {network}")
            return
        rule = rule_of(current_app.view_functions[request.endpoint])
        if rule is None:
            raise AssertionError(f"{request.endpoint} declares no permission")
        if rule.open:
            _slow_down(f"network {network}")
            return
        g.caller = _caller(network)
        if any("\0" in str(part) for part in (request.view_args or {}).values()):
            raise NotFoundError("there is nothing at this address")  # no text of a database has that
        if rule.needs is not None:
            g.caller.actor.require(rule.needs)
        _right_type(rule.takes)

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers[name] = value
        response.headers["X-Request-Id"] = g.get("request_id", "")
        return response


def _caller(network: str) -> Caller:
    here = api_context()
    try:
        actor = tokens.authenticate(here.home, _bearer(), request.remote_addr or "")
    except AccessError:
        _slow_down(f"network {network}")
        raise
    _slow_down(f"token {actor.token}")
    return Caller(actor, here.home.acting(actor.name, actor.allowed), here.jobs)


def _bearer() -> str:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise AccessError("this needs a token", hint="send Authorization: Bearer, and the token", known=False)
    return secret.strip()


def _slow_down(key: str) -> None:
    wait = api_context().limiter.take(key)
    if wait:
        seconds = str(int(wait) + 1)
        raise ApiError(429, "Too Many Requests", "too many requests", Retry_After=seconds)


def _right_type(takes: str) -> None:
    if takes != "application/json":
        request.max_content_length = MOST_UPLOAD if takes else MOST_BODY
    if takes and request.mimetype != takes:
        raise ApiError(415, "Unsupported Media Type", f"the body must be {takes}")
