"""What the HTTP trap can be told."""

from __future__ import annotations

import pytest

from listener.traps._http_settings import HttpSettings


@pytest.mark.parametrize("name", ["proxy_protocol_from", "forwarded_from"])
def test_networks_are_networks(name: str) -> None:
    HttpSettings(**{name: ("192.0.2.0/24", "2001:db8::/32")})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="here"):
        HttpSettings(**{name: ("here",)})  # type: ignore[arg-type]
