"""The settings file: read, private, and the one that the listener runs with."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator

from canaries.core import settings as settings_module
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, note, well


class SettingsCheck(Check):
    name = "settings"
    order = 0

    def look(self, view: View) -> Iterator[PartState]:
        _ = view.home.settings
        path = view.home.path / settings_module.FILE
        if not path.is_file():
            yield note(self.name, f"there is no {path.name}: every setting has its default")
            return
        others = stat.S_IMODE(path.stat().st_mode) & 0o077
        if others:
            yield failing(
                self.name, f"{path.name} can be read by others: it may hold passwords", f"chmod 600 {path}"
            )
        if view.listener is not None:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if digest != view.listener.get("settings_sha256"):
                yield failing(
                    self.name,
                    f"{path.name} has changed since the listener read it at {view.listener.get('loaded_at', '?')}",
                    "trapline reload",
                )
                return
        if not others:
            yield well(self.name, "read, and the ones in use" if view.listener else "read")
