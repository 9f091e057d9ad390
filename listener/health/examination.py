"""Runs every check. One that breaks down is a finding itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canaries.core import plugins, safe_traceback
from canaries.core.clock import rfc3339
from canaries.core.errors import StoreError, TraplineError
from listener.health import control_socket
from listener.health.checks import FOLDER, Check, View
from listener.health.state import HealthReport, PartState, failing

if TYPE_CHECKING:
    from canaries.installation.home import Home


def view(home: Home) -> View:
    """What checks look at, with the running listener's answer in it."""
    found = View(home, home.clock.now())
    try:
        found.listener = control_socket.ask(home.path, {"ask": "status"})
    except TraplineError as error:
        found.unanswered = error
    return found


def examine(home: Home, seen: View | None = None) -> HealthReport:
    """How every part is. Never raises for what is wrong with the installation."""
    seen = seen or view(home)
    kinds = plugins.classes(FOLDER, Check).values()  # type: ignore[type-abstract]
    parts: list[PartState] = []
    said: set[str] = set()
    for kind in sorted(kinds, key=lambda kind: (kind.order, kind.name)):
        try:
            parts += kind().look(seen)
        except TraplineError as error:
            # one cause, said once: settings that cannot be read and a database that is away stop many checks
            if error.sentence not in said:
                part = "database" if isinstance(error, StoreError) else kind.name
                parts.append(failing(part, error.sentence, error.hint or ""))
            said.add(error.sentence)
        except OSError as error:  # a full disk, a folder without permission: no bug to trace
            place = f": {error.filename}" if error.filename else ""
            parts.append(failing(kind.name, f"could not be checked: {error.strerror or error}{place}"))
        except Exception as error:  # noqa: BLE001  a check that breaks down, perhaps a stranger's, hides no other
            safe_traceback.log_error(error)
            parts.append(failing(kind.name, f"could not be checked ({type(error).__name__})"))
    return HealthReport(rfc3339(seen.now), tuple(parts))
