"""Doctor runs every check and every trial; one that breaks down hides no other."""

from __future__ import annotations

from typing import Any

from canaries.core import plugins
from canaries.installation.home import Home
from listener.health import trial_run
from listener.health.trials import FOLDER, Trial
from listener.health.trials.names import NamesTrial


def test_a_trial_that_breaks_down_hides_no_other(home: Home, monkeypatch: Any) -> None:
    def broken(self: Trial, view: object) -> Any:
        raise RuntimeError("what a stranger wrote")

    monkeypatch.setattr(NamesTrial, "run", broken)
    parts = [part.part for part in trial_run.run(home).parts]
    assert "names" in parts
    known = plugins.classes(FOLDER, Trial)  # type: ignore[type-abstract]
    assert all(any(part.startswith(name) for part in parts) for name in known)
    assert "disk" in parts
