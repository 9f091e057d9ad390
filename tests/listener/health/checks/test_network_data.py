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


def test_a_shipped_file_that_was_changed_is_to_be_deleted(home: Home, look: Any) -> None:
    look(NetworkDataCheck)
    (path,) = (home.path / "data" / "shipped").glob("server-country.*")
    path.unlink()  # the tests' homes share the file
    path.write_bytes(b"x")
    (part,) = [part for part in look(NetworkDataCheck) if part.level is Level.FAILING]
    assert "SHA-256 has changed" in part.says
    assert part.hint == f"delete {path}: it is unpacked anew"
    path.unlink()
    assert not failures(look(NetworkDataCheck))
