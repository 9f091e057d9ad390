"""What the operator should know of a file before bait goes into it: who else reads it, and who must not write it."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from pathlib import Path

_WEB_ROOTS = {"public_html", "htdocs", "wwwroot", "webroot", "www", "public", "static", "dist"}
_COMPOSE = ("docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml")


def cautions(path: Path) -> Iterator[str]:
    """One sentence each. Looks, and changes nothing."""
    mode = path.stat().st_mode
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        yield f"{path.name} is read-only (mode {stat.S_IMODE(mode):04o}): its owner does not expect it to change"
    if path.stat().st_nlink > 1:
        yield f"{path.name} has {path.stat().st_nlink} names (hard links): the bait shows under each of them"
    yield from _watched(path)
    if _WEB_ROOTS & set(path.parent.parts) and "node_modules" not in path.parts:
        yield f"{path} may lie in a web server's root: try whether it is served before anybody else does"


def _watched(path: Path) -> Iterator[str]:
    folder = path.parent
    if path.suffix in (".service", ".timer", ".socket") or folder.name.endswith((".service.d", ".timer.d")):
        yield f"systemd reads {path.name} at its next daemon-reload, and its owner may be asked to reload it"
    units = Path("/etc/systemd/system")
    if str(path).startswith(("/etc/default/", "/etc/sysconfig/")) and units.is_dir():
        yield f"services may read {path} as their EnvironmentFile at their next start"
    for name in _COMPOSE:
        if path.name == name:
            yield "Docker Compose recreates a container at the next 'up' when its part of this file has changed"
        elif (
            (compose := folder / name).is_file()
            and path.name.startswith((".env", "env"))
            and _mentions(compose, path)
        ):
            yield f"{name} names {path.name}: Compose recreates those containers at the next 'up'"
    if folder.name == "cron.d" or str(folder) == "/var/spool/cron/crontabs":
        yield "cron reads this file anew within a minute"


def _mentions(compose: Path, path: Path) -> bool:
    try:
        if not compose.is_file() or compose.stat().st_size > 1_000_000:
            return False
        text = compose.read_text("utf-8", "replace")
    except OSError:
        return False
    return path.name == ".env" or bool(re.search(rf"(?<![\w.]){re.escape(path.name)}(?![\w.])", text))
