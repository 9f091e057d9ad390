"""Whoever takes us for a forward proxy is asked for a login, and then reaches nobody."""

from __future__ import annotations

import base64

import pytest

from listener.personas import Answer, Request
from listener.personas.proxy import Proxy
from listener.protocol.identity import Identity

SHAPES: dict[str, list[tuple[str, str, dict[str, str]]]] = {}
"""None: it claims only what asks for a proxy, which the tests below do."""

LOGIN = f"Basic {base64.b64encode(b'ann:secret').decode()}"


def asked(
    method: str, target: str, *, proxied: bool = True, key: bytes = b"k" * 32, login: str = ""
) -> Answer | None:
    persona = Proxy(Identity(key))
    headers = [(b"Proxy-Authorization", login.encode())] if login else []
    request = Request(method, target.encode(), headers, b"", tls=False, proxied=proxied)
    return persona.answer(request) if persona.claims(request) else None


@pytest.mark.parametrize(
    ("method", "target"), [("CONNECT", "other.org:443"), ("GET", "/"), ("POST", "/login")]
)
def test_without_a_login_it_asks_for_one(method: str, target: str) -> None:
    answer = asked(method, target)
    assert answer is not None
    assert answer.status == 407
    assert dict(answer.headers)["Proxy-Authenticate"].startswith('Basic realm="')


def test_with_any_login_a_tunnel_is_granted_and_a_plain_target_is_away() -> None:
    for login in (LOGIN, "Basic Og==", "Negotiate x"):
        tunnel, plain = asked("CONNECT", "other.org:443", login=login), asked("GET", "/", login=login)
        assert tunnel is not None
        assert (tunnel.status, tunnel.body, tunnel.headers) == (200, b"", ())
        assert plain is not None
        assert plain.status == 502


def test_requests_to_ourselves_are_none_of_its_business() -> None:
    assert asked("GET", "/", proxied=False, login=LOGIN) is None


def test_every_installation_has_its_own_realm() -> None:
    realms = {str(asked("CONNECT", "a:1", key=bytes([number]) * 32)) for number in range(20)}
    assert len(realms) > 15
