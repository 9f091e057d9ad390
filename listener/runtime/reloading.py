"""What a running listener can take up, and what only a restart brings."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from canaries.core import settings as settings_module
from listener.runtime.bindings import chosen, trap_settings

if TYPE_CHECKING:
    from canaries.core.settings import Settings

Stamp = tuple[tuple[str, int, int, int], ...]


def settings_digest(home: Path) -> str:
    """SHA-256 of the settings file; empty where there is none or it cannot be read."""
    try:
        return hashlib.sha256((home / settings_module.FILE).read_bytes()).hexdigest()
    except OSError:
        return ""


def needs_restart(old: Settings, new: Settings) -> list[str]:
    """The changed settings that only a restart takes up. Raises SettingsError where ``new`` is wrong."""
    before = {name: trap.addresses(trap_settings(name, trap, old)) for name, trap in chosen(old).items()}
    after = {name: trap.addresses(trap_settings(name, trap, new)) for name, trap in chosen(new).items()}
    found = [
        f"traps.{name}.bind" if name in before and name in after else f"traps.{name}"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]
    if old.journal.folder != new.journal.folder:
        found.append("journal.folder")
    if old.listen.user != new.listen.user:
        found.append("listen.user")
    return found


def certificate_stamp(settings: Settings) -> Stamp:
    """What changes when a configured certificate is renewed: of each file its size, time and number."""
    found = []
    for text in settings.listen.certificates:
        for name in text.split(":"):
            try:
                state = Path(name).expanduser().stat()
            except OSError:
                found.append((name, 0, 0, 0))
            else:
                found.append((name, state.st_size, state.st_mtime_ns, state.st_ino))
    return tuple(found)
