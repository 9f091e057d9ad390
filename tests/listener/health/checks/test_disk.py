"""The check of the disks."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any

import pytest

from canaries.installation.home import Home
from listener.health.checks.disk import DiskCheck
from listener.health.state import Level
from tests.listener.health.looking import failures


def test_well(home: Home, look: Any) -> None:
    (home.path / "trapline.toml").write_text("[health]\ndisk_free_mb = 0\n")
    assert not failures(look(DiskCheck))


@pytest.mark.parametrize(("free", "level"), [(4, Level.FAILING), (15, Level.NOTE), (30, Level.WELL)])
def test_a_disk_that_fills_is_told_in_time(
    home: Home, look: Any, monkeypatch: pytest.MonkeyPatch, free: int, level: Level
) -> None:
    (home.path / "trapline.toml").write_text("[health]\ndisk_free_mb = 0\n")
    state = SimpleNamespace(f_bavail=free, f_blocks=100, f_frsize=1 << 20, f_files=0, f_favail=0)
    monkeypatch.setattr(os, "statvfs", lambda _: state)
    assert {one.level for one in look(DiskCheck)} == {level}


def test_too_little_room(home: Home, look: Any) -> None:
    (home.path / "trapline.toml").write_text("[health]\ndisk_free_mb = 999999999\n")
    assert "less than health.disk_free_mb = 999999999" in failures(look(DiskCheck))
