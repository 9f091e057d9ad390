"""What every request must satisfy before a page sees it, and what every answer says to the browser.

    Host            exactly the address the console listens on, or ``localhost`` in its place, which no outsider can
                    point anywhere: another name that somebody points at 127.0.0.1 (DNS rebinding) is refused
    Sec-Fetch-Site  same origin, or typed by a person (W3C Fetch Metadata): other sites, and other ports of this
                    machine, which count as the *same site* for SameSite cookies, are refused
    session         everything but the ways in and the style sheet: of the link, or of an account
    permission      of an account, for each page and each action (`listener.console.permits`)
    CSRF token      every request that changes something, compared in constant time

The content security policy (CSP Level 3) allows this console's own files and nothing inline; Trusted Types keep its
one script from ever turning a string into markup. So a hostile string that slipped through the escaping is inert still.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, g, request

from canaries.accounts import sessions
from listener.console import permits
from listener.console.auth import COOKIE, BrowserSession, Doorkeeper

if TYPE_CHECKING:
    from canaries.installation.home import Home

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}

_SAFE = {"GET", "HEAD"}
_MOST_BODY = 64 * 1024
"""Bytes of a form: a note is a note, not a book."""


def install(app: Flask, host: str, doorkeeper: Doorkeeper, home: Home) -> None:
    """Put the checks before, and the headers behind, everything ``app`` does. ``host``: ``127.0.0.1:40001``."""
    app.config["MAX_CONTENT_LENGTH"] = _MOST_BODY
    hosts = names(host)

    @app.before_request
    def _check() -> None:
        if request.environ.get("HTTP_HOST", "") not in hosts:
            abort(400, "This console answers only at the address it was opened at.")
        _same_origin()
        if request.endpoint in permits.OPEN:
            return
        session = _session(doorkeeper, home)
        if session is None:
            abort(401)
        g.session = session
        if g.get("actor") is not None and request.endpoint is not None:
            permits.check(g.actor, request.endpoint)
        if request.method not in _SAFE:
            _own_form(session.csrf)

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response


def names(host: str) -> set[str]:
    """Hosts under which it answers: a loopback address also as ``localhost``, for browsers make passkeys for names."""
    address, _, port = host.rpartition(":")
    return {host, f"localhost:{port}"} if address in ("127.0.0.1", "[::1]") else {host}


def _session(doorkeeper: Doorkeeper, home: Home) -> BrowserSession | None:
    """Of the link, or of an account, in whose name the request then acts; None where there is none."""
    cookie = request.cookies.get(COOKIE, "")
    found = doorkeeper.session(cookie)
    if found is not None or not cookie:
        return found
    who = sessions.actor_of(home, cookie)
    if who is None:
        return None
    g.actor, g.home = who, home.acting(who.name, who.allowed)
    return BrowserSession(sessions.csrf_of(cookie), float("inf"))


def _same_origin() -> None:
    """Refuse what another site's page has set off. What proves itself may be followed from anywhere."""
    site = request.headers.get("Sec-Fetch-Site", "none")
    if site in ("same-origin", "none"):
        return
    if request.endpoint in permits.FROM_ELSEWHERE and request.headers.get("Sec-Fetch-Mode") == "navigate":
        return
    abort(403, "Another site's page asked for this.")


def _own_form(expected: str) -> None:
    given = request.form.get("csrf", "")
    if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode()):
        abort(403, "The form is from another page or an earlier session. Reload the page and try again.")
