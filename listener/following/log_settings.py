"""``[logs.NAME]``: a log that the listener follows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from canaries.core.errors import SettingsError
from canaries.core.settings import bind
from listener.logs import LogSource, source

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")


@dataclass(frozen=True, slots=True)
class FollowedLogSettings:
    """``[logs.NAME]``."""

    type: str = ""
    """Which sort of log: ``postgresql``, ``nginx`` ..."""
    path: str = ""
    """The file, as its program writes it; what it is renamed to when it is rotated is found beside it. Of logs that are
    whole documents, a folder or a pattern."""
    from_start: bool = False
    """Whether a log that was never read before is read from its start, instead of from where it ends now."""


@dataclass(frozen=True, slots=True)
class FollowedLog:
    """One of them, checked."""

    name: str
    source: LogSource
    path: str
    from_start: bool


def followed_logs(sections: Mapping[str, Mapping[str, Any]]) -> list[FollowedLog]:
    """All that are set, by name. Raises SettingsError."""
    found = []
    for name, values in sorted(sections.items()):
        if not NAME.fullmatch(name):
            raise SettingsError(f"[logs.{name}]: name it with a to z, 0 to 9 and hyphens, 31 at most")
        said = bind(FollowedLogSettings, values, f"logs.{name}")
        if not said.path or not said.type:
            raise SettingsError(f"[logs.{name}] needs type and path")
        found.append(FollowedLog(name, source(said.type), said.path, said.from_start))
    return found
