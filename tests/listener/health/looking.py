"""What the tests of health share: what a listener that is well says of itself, and looking at a home with it."""

from __future__ import annotations

import hashlib
from typing import Any

from canaries import __version__
from canaries.core import settings
from canaries.installation.home import Home
from listener.health.state import Level, PartState


def child(pid: int) -> dict[str, Any]:
    return {
        "state": "ready", "problem": "", "pid": pid, "seconds": 4000.0, "report_age": 0.4, "restarts": 0,
        "last_end": "", "retry_in": 0.0, "report": {},
    }  # fmt: skip


def answer(home: Home) -> dict[str, Any]:
    """What the supervisor of a listener that is well says."""
    digest = hashlib.sha256((home.path / settings.FILE).read_bytes()).hexdigest()
    front, back = child(11), child(12)
    front["report"] = {"traps": {}, "journal": "", "unwritten": 0}
    back["report"] = {
        "parts": {
            name: {"state": "runs", "problem": "", "since": 9.0} for name in ("courier", "intake", "sealer")
        }
    }
    return {
        "version": __version__, "pid": 10, "started_at": home.now(), "loaded_at": home.now(), "ready": True,
        "settings_sha256": digest, "traps": {"http": ["127.0.0.1:8080"]}, "front": front, "back": back,
        "problems": {},
    }  # fmt: skip


def failures(parts: list[PartState]) -> str:
    """What is failing, as one text; empty where nothing is."""
    return "\n".join(f"{one.part}: {one.says}" for one in parts if one.level is Level.FAILING)


def notes(parts: list[PartState]) -> str:
    return "\n".join(f"{one.part}: {one.says}" for one in parts if one.level is Level.NOTE)
