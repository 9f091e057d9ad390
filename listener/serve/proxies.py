"""Who really asks: the peer of the connection, or, behind a proxy that the settings name, whom that proxy names.

The field's entries are added from left to right, so the last one that no known proxy has is the client; what stands
before it anybody can have written.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ProxyDoor:
    """A WSGI application that lets only named proxies in; without any name it changes nothing."""

    def __init__(self, inner: WSGIApplication, proxies: Sequence[str]) -> None:
        self._inner = inner
        self._proxies = [ipaddress.ip_network(one, strict=False) for one in proxies]

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if self._proxies:
            if not self._known(environ.get("REMOTE_ADDR", "")):
                return refused(start)
            environ["REMOTE_ADDR"] = self._client(environ)
            if environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower() == "https":
                environ["wsgi.url_scheme"] = "https"
        return self._inner(environ, start)

    def _client(self, environ: dict[str, Any]) -> str:
        named = [one.strip() for one in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if one.strip()]
        for one in reversed(named):
            address = _address(one)
            if address is None:
                break
            if not self._known(str(address)):
                return str(address)
        return str(environ.get("REMOTE_ADDR", ""))

    def _known(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(address in network for network in self._proxies)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """``192.0.2.1``, ``[2001:db8::1]:443``, ``192.0.2.1:80``; IPv4 in IPv6 is IPv4."""
    host = text[1:].partition("]")[0] if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def refused(start: StartResponse) -> Iterable[bytes]:
    """For a connection of somebody else."""
    start("403 Forbidden", [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return [b""]
