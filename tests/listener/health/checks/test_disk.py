"""The check of the disks."""

from __future__ import annotations

from typing import Any

from canaries.installation.home import Home
from listener.health.checks.disk import DiskCheck
from tests.listener.health.looking import failures


def test_well(home: Home, look: Any) -> None:
    (home.path / "trapline.toml").write_text("[health]\ndisk_free_mb = 0\n")
    assert not failures(look(DiskCheck))


def test_too_little_room(home: Home, look: Any) -> None:
    (home.path / "trapline.toml").write_text("[health]\ndisk_free_mb = 999999999\n")
    assert "less than health.disk_free_mb = 999999999" in failures(look(DiskCheck))
