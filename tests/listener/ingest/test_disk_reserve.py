"""The reserve: there where there is room, given back where there is none."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from listener.ingest.disk_reserve import NAME, DiskReserve, reserve_bytes


def disk(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    """A disk of 500 MB with so many free."""
    usage = SimpleNamespace(total=500 << 20, free=free << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)


def test_it_takes_its_room_once_and_gives_it_back_on_a_full_disk_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk(monkeypatch, 400)
    reserve, path = DiskReserve(tmp_path), tmp_path / NAME
    assert reserve.take()
    assert path.stat().st_size == reserve_bytes(tmp_path) == 10 << 20
    assert path.stat().st_blocks * 512 >= 10 << 20, "not a hole"
    assert reserve.take()
    assert not reserve.release(), "a database that is away is no full disk"
    disk(monkeypatch, 0)
    assert reserve.release()
    assert not path.exists()
    assert not reserve.release()


def test_it_is_made_anew_when_there_is_plenty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reserve = DiskReserve(tmp_path)
    disk(monkeypatch, 20)
    assert not reserve.take()
    disk(monkeypatch, 60)
    assert reserve.take()
