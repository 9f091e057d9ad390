"""The check of the network data."""

from __future__ import annotations

from typing import Any

from canaries.installation.home import Home
from listener.health.checks.network_data import NetworkDataCheck
from listener.health.state import Level
from tests.listener.health.looking import failures


def test_old_is_said_and_damaged_is_failing(home: Home, look: Any) -> None:
    found = look(NetworkDataCheck)
    assert not failures(found)
    assert all(part.level is Level.WELL or "days ago" in part.says for part in found)
    own = home.path / "data"
    own.mkdir(exist_ok=True)
    (own / "ip-asn-country.mmdb").write_bytes(b"<html>")
    assert "ip-asn-country.mmdb" in failures(look(NetworkDataCheck))
