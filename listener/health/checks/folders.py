"""The home's folders and its identity: there and writable."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from listener.health.checks import Check, View
from listener.health.state import PartState, failing, well


class FoldersCheck(Check):
    name = "home"
    order = 11

    def look(self, view: View) -> Iterator[PartState]:
        home, bad = view.home, False
        if len(home.id) != 32:
            bad = True
            yield failing(self.name, f"{home.path / 'home.id'} is damaged", "restore it from your backup")
        if stat.S_IMODE(home.path.stat().st_mode) & 0o022:
            bad = True
            yield failing(self.name, f"others may write to {home.path}", f"chmod 700 {home.path}")
        for folder in (home.path, home.journal_folder, home.path / "checkpoints"):
            if not folder.is_dir():
                bad = True
                yield failing(self.name, f"the folder {folder} is missing", f"mkdir -m 700 {folder}")
            elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
                bad = True
                yield failing(self.name, f"{folder} cannot be written by this user")
        if not bad:
            yield well(self.name, str(home.path))
