"""``trapline doctor``: every check, then every trial. One that breaks down is a finding itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from canaries.core import plugins, safe_traceback
from canaries.core.errors import NotFoundError, TraplineError
from listener.backup import age_archive
from listener.backup.restoring import rehearse
from listener.health.examination import examine, view
from listener.health.state import HealthReport, PartState, failing, well
from listener.health.trials import FOLDER, Trial

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from listener.health.checks import View


def run(home: Home, left_out: Sequence[str] = (), backup: tuple[Path, Path] | None = None) -> HealthReport:
    """How everything is and went. ``backup``: a backup to rehearse, and the identity that opens it.

    Raises NotFoundError where a trial that is left out is none.
    """
    known = plugins.classes(FOLDER, Trial)  # type: ignore[type-abstract]
    for name in left_out:
        if name not in known:
            raise NotFoundError(
                f"there is no trial called {name!r}", hint=f"known: {', '.join(sorted(known))}"
            )
    seen = view(home)
    report = examine(home, seen)
    chosen = [kind for name, kind in known.items() if name not in left_out]
    parts = [*report.parts]
    for kind in sorted(chosen, key=lambda kind: (kind.order, kind.name)):
        parts += _tried(kind(), seen)
    if backup:
        parts.append(_rehearsed(*backup))
    return HealthReport(report.at, tuple(parts))


def _rehearsed(backup: Path, identity: Path) -> PartState:
    """Restore a backup elsewhere, verify its ledger, and remove it again."""
    try:
        found = rehearse(backup, age_archive.identities(identity), None)
    except TraplineError as error:
        return failing(
            "restore", f"the backup {backup} does not come back: {error.sentence}", error.hint or ""
        )
    made = found.manifest
    return well(
        "restore", f"the backup of {made['made_at']} comes back: {made['size']} sealed entries verify"
    )


def _tried(trial: Trial, seen: View) -> list[PartState]:
    try:
        return list(trial.run(seen))
    except TraplineError as error:
        return [failing(trial.name, error.sentence, error.hint or "")]
    except Exception as error:  # noqa: BLE001  a trial that breaks down, perhaps a stranger's, hides no other
        safe_traceback.log_error(error)
        return [failing(trial.name, f"could not be tried ({type(error).__name__})")]
