"""One question to a name server: of this machine's resolver, of a named one, or over HTTPS (RFC 8484)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from listener.outside import OutsideError, OutsideSettings

if TYPE_CHECKING:
    from dns.message import Message

SECONDS = 5.0
_LARGEST = 65_535
_MOST = 20
"""Records of an answer that are looked at."""


@dataclass(frozen=True, slots=True)
class NameServerSettings(OutsideSettings):
    """``[outside.NAME]`` of a service that is asked over DNS."""

    server: str = ""
    """Whom to ask: an address with or without a port (192.0.2.53, [2001:db8::53]:53), or https://dns.example/dns-query,
    which alone goes through a proxy; empty: this machine's resolver."""

    def __post_init__(self) -> None:
        OutsideSettings.__post_init__(self)
        if self.proxy and not self.server.startswith("https://"):
            raise ValueError("DNS goes through a proxy over HTTPS only: name a server with https://")


class NameServer:
    """Who is asked."""

    def __init__(self, settings: NameServerSettings) -> None:
        self._settings = settings
        self.server = settings.server or _resolver()

    def ask(self, name: str, kind: str) -> list[str]:
        """The records of that type, as text, at most `_MOST`; none where there is no such name. Raises OutsideError."""
        import dns.exception
        import dns.message
        import dns.rcode

        try:
            query = dns.message.make_query(name, kind)
            reply = self._over_https(query) if self.server.startswith("https://") else self._plain(query)
            if not query.is_response(reply):
                raise OutsideError(f"{self.server} answered another question")
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise OutsideError(f"{self.server} cannot be asked: {type(error).__name__}") from None
        if reply.rcode() == dns.rcode.NXDOMAIN:
            return []
        if reply.rcode() != dns.rcode.NOERROR:
            raise OutsideError(f"{self.server} answered {dns.rcode.to_text(reply.rcode())}")
        records = [
            item for rrset in reply.answer for item in rrset if item.rdtype == query.question[0].rdtype
        ]
        return [item.to_text() for item in records[:_MOST]]

    def _plain(self, query: Message) -> Message:
        import dns.query

        host, port = _host_port(self.server)
        reply, _ = dns.query.udp_with_fallback(query, host, timeout=SECONDS, port=port)
        return reply

    def _over_https(self, query: Message) -> Message:
        import dns.message
        import requests

        query.id = 0  # RFC 8484, 4.1: the same question is the same bytes
        began, content = time.monotonic(), b""
        with requests.Session() as session:
            session.trust_env = False
            session.proxies = {"https": self._settings.proxy} if self._settings.proxy else {}
            kind = "application/dns-message"
            with session.post(
                self.server,
                data=query.to_wire(),
                headers={
                    "Content-Type": kind,
                    "Accept": kind,
                    "Accept-Encoding": "identity",
                    "User-Agent": "Mozilla/5.0",
                },
                stream=True,
                timeout=SECONDS,
                allow_redirects=False,
                verify=self._settings.ca_file or True,
            ) as answer:
                if answer.status_code != 200:
                    raise OutsideError(f"{urlsplit(self.server).hostname} answered {answer.status_code}")
                for part in answer.iter_content(4096):
                    content += part
                    if len(content) > _LARGEST or time.monotonic() - began > SECONDS:
                        raise OutsideError(f"{urlsplit(self.server).hostname} sends too much, or too slowly")
        return dns.message.from_wire(content)


def _resolver() -> str:
    import dns.exception
    import dns.resolver

    try:
        return str(dns.resolver.Resolver().nameservers[0])
    except (dns.exception.DNSException, IndexError):
        raise OutsideError("this machine has no resolver", hint="name a server in the settings") from None


def _host_port(server: str) -> tuple[str, int]:
    """Raises ValueError."""
    if server.count(":") > 1 and not server.startswith("["):
        return server, 53
    parts = urlsplit(f"//{server}")
    return parts.hostname or "", parts.port or 53
