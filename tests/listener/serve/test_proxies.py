"""Who asks, behind proxies: the last entry that no known proxy has; nobody else is let in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from listener.serve.proxies import ProxyDoor


def through(proxies: list[str], peer: str, forwarded: str = "", proto: str = "") -> tuple[str, str, str]:
    """(status, address, scheme) that the application sees."""
    seen: dict[str, str] = {}

    def inner(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        seen.update(address=environ["REMOTE_ADDR"], scheme=environ["wsgi.url_scheme"])
        start("200 OK", [])
        return [b""]

    environ = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "HTTP_X_FORWARDED_FOR": forwarded}
    environ["HTTP_X_FORWARDED_PROTO"] = proto
    status: list[str] = []
    list(ProxyDoor(inner, proxies)(environ, lambda line, headers: status.append(line)))  # type: ignore[arg-type]
    return status[0][:3], seen.get("address", ""), seen.get("scheme", "")


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "192.0.2.66, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7, rubbish", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("10.0.0.1", "198.51.100.7:80", "198.51.100.7"),
        ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
    ],
)
def test_whom_a_known_proxy_names(peer: str, forwarded: str, address: str) -> None:
    assert through(["10.0.0.0/8"], peer, forwarded, "https") == ("200", address, "https")


def test_nobody_else_is_let_in_and_nobody_is_believed_without_proxies() -> None:
    assert through(["10.0.0.0/8"], "198.51.100.7", "127.0.0.1")[0] == "403"
    assert through([], "198.51.100.7", "127.0.0.1", "https") == ("200", "198.51.100.7", "http")
