"""Room on the disks of home, journal and database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from listener.health.checks import Check, View
from listener.health.state import PartState, failing, note, well

_INODES = 1000
_MUCH, _NEARLY = 0.80, 0.95
"""Of the disk, where that leaves less than `_PLENTY_MB`."""
_PLENTY_MB = 10_240
_HINT = "make room: without any, traps answer nobody and nothing is recorded"


class DiskCheck(Check):
    name = "disk"
    order = 30

    def look(self, view: View) -> Iterator[PartState]:
        least, told = view.home.settings.health.disk_free_mb, False
        seen: set[int] = set()
        free = 0
        for folder in (view.home.path, view.home.journal_folder):
            if not folder.is_dir() or folder.stat().st_dev in seen:
                continue
            seen.add(folder.stat().st_dev)
            problem, free = _room(folder, least)
            if problem:
                told = True
                yield failing(self.name, problem, _HINT)
                continue
            used = _used(folder)
            if used >= _NEARLY and free < _PLENTY_MB:
                told = True
                yield failing(
                    self.name, f"{used:.0%} of the disk of {folder} are used, {free} MB free", _HINT
                )
            elif used >= _MUCH and free < _PLENTY_MB:
                told = True
                yield note(self.name, f"{used:.0%} of the disk of {folder} are used, {free} MB free", _HINT)
        if not told:
            yield well(self.name, f"{free} MB free")


def _used(folder: Path) -> float:
    state = os.statvfs(folder)
    return 1 - state.f_bavail / max(1, state.f_blocks)


def _room(folder: Path, least: int) -> tuple[str, int]:
    state = os.statvfs(folder)
    free = state.f_bavail * state.f_frsize >> 20
    if free < least:
        return f"{free} MB free in {folder}, less than health.disk_free_mb = {least}", free
    if state.f_files and state.f_favail < _INODES:
        return f"{state.f_favail} file names free in {folder}", free
    return "", free
