"""The tracking redirect: goes where this installation's own links lead; every other link gets the dull page."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import quote

from canaries.protocols.redirect_links import redirect_target
from listener.personas import Answer, Persona, Request

_SAFE = ":/?#[]@!$&'()*+,;=%~"
"""RFC 3986: what a URL may hold unescaped. The rest is percent-encoded, so that the header is ASCII."""


class Redirect(Persona):
    name: ClassVar[str] = "redirect"
    order: ClassVar[int] = 5
    host_itself = True

    def claims(self, request: Request) -> bool:
        return redirect_target(self.identity.key, request.query) is not None

    def answer(self, request: Request) -> Answer:
        target = redirect_target(self.identity.key, request.query) or "/"
        location = ("Location", quote(target, safe=_SAFE))
        return Answer(302, (*self.identity.headers("text/html"), location), b"")
