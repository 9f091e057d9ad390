"""Permissions: who can read what the installation writes, now and from now on."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from listener.health.state import PartState, failing, note, well
from listener.health.trials import Trial

if TYPE_CHECKING:
    from listener.health.checks import View

_OTHERS_WRITE = 0o022


class PermissionsTrial(Trial):
    name = "permissions"
    order = 50

    def run(self, view: View) -> Iterator[PartState]:
        home, bad = view.home.path.resolve(), False
        for path in sorted(home.rglob("*")):
            if path.is_symlink() or path.is_socket() or not stat.S_IMODE(path.stat().st_mode) & _OTHERS_WRITE:
                continue
            bad = True
            yield failing(self.name, f"others may write to {path}", f"chmod go-w {path}")
        for parent in home.parents:
            mode = parent.stat().st_mode
            if stat.S_IMODE(mode) & 0o002 and not mode & stat.S_ISVTX:
                bad = True
                yield failing(
                    self.name, f"others may put another folder in the place of the home: {parent} is open to all",
                    f"chmod o-w {parent}, or move the home",
                )  # fmt: skip
        pid = (view.listener or {}).get("pid")
        umask = _umask(Path(f"/proc/{pid}/status")) if pid else _umask(Path("/proc/self/status"))
        if umask is not None and umask & _OTHERS_WRITE != _OTHERS_WRITE:
            yield note(
                self.name,
                f"the umask is {umask:03o}: files that other programs make in the home are open to others",
                "set umask 077 where the listener is started; Trapline's own files are 0600 whatever it is",
            )
        if not bad:
            yield well(self.name, f"nobody else may write to {home}, user id {os.geteuid()}")


def _umask(status: Path) -> int | None:
    """Of a process, from proc(5); None where nobody may look."""
    try:
        lines = status.read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1], 8) for line in lines if line.startswith("Umask:")), None)
