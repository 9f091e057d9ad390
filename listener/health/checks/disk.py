"""Room on the disks of home, journal and database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from listener.health.checks import Check, View
from listener.health.state import PartState, failing, well

_INODES = 1000


class DiskCheck(Check):
    name = "disk"
    order = 30

    def look(self, view: View) -> Iterator[PartState]:
        least, bad = view.home.settings.health.disk_free_mb, False
        seen: set[int] = set()
        free = 0
        for folder in (view.home.path, view.home.journal_folder):
            if not folder.is_dir() or folder.stat().st_dev in seen:
                continue
            seen.add(folder.stat().st_dev)
            problem, free = _room(folder, least)
            if problem:
                bad = True
                yield failing(
                    self.name, problem, "make room: without any, traps answer nobody and nothing is recorded"
                )
        if not bad:
            yield well(self.name, f"{free} MB free")


def _room(folder: Path, least: int) -> tuple[str, int]:
    state = os.statvfs(folder)
    free = state.f_bavail * state.f_frsize >> 20
    if free < least:
        return f"{free} MB free in {folder}, less than health.disk_free_mb = {least}", free
    if state.f_files and state.f_favail < _INODES:
        return f"{state.f_favail} file names free in {folder}", free
    return "", free
