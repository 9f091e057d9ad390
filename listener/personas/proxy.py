"""A forward proxy that wants a login and, with any, reaches nobody: nothing is ever forwarded.

RFC 9110, sections 9.3.6 (CONNECT) and 11.7 (proxy authentication). A tunnel is granted so that the client shows what it
would have sent first (the trap keeps that and hangs up); a plain request through the proxy finds its target away.

No bait names a proxy, and a request to one does not say which name it was sent to: the operator opens this one.
"""

from __future__ import annotations

from typing import ClassVar

from canaries.crypto.seeded_random import HEX
from listener.personas import Answer, Persona, Request
from listener.protocol.identity import Identity

_REALMS = ("proxy", "Internal proxy", "Web gateway", "Proxy Server", "Egress", "Internet access")


class Proxy(Persona):
    name: ClassVar[str] = "proxy"
    order: ClassVar[int] = 1

    def __init__(self, identity: Identity) -> None:
        super().__init__(identity)
        stream = identity.stream("proxy")
        realm = f"{stream.pick('realm', _REALMS)} {stream.text('number', HEX, 2)}"
        headers = identity.headers("text/plain")
        challenge = ("Proxy-Authenticate", f'Basic realm="{realm}"')
        self._asks = Answer(407, (*headers, challenge), b"Proxy Authentication Required\n", "asks")
        self._granted = Answer(200, (), b"", "tunnel")
        self._away = Answer(502, headers, b"Bad Gateway\n", "away")

    def claims(self, request: Request) -> bool:
        return request.proxied

    def answer(self, request: Request) -> Answer:
        if not request.header(b"proxy-authorization"):
            return self._asks
        return self._granted if request.method == "CONNECT" else self._away
