"""The listener: running, answering, ready, and of this version."""

from __future__ import annotations

from collections.abc import Iterator

from canaries import __version__
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, well

_PROBLEMS = {
    "reload": "the last reload was refused: {}",
    "certificates": "a renewed certificate cannot be used, the old one goes on: {}",
    "restart": "changed settings that only a restart takes up: {}",
}
_HINTS = {
    "reload": "mend that, then: trapline reload",
    "certificates": "mend the files; they are looked at again by themselves",
    "restart": "restart the listener",
}


class ListenerCheck(Check):
    name = "listener"
    order = 1

    def look(self, view: View) -> Iterator[PartState]:
        if view.listener is None:
            error = view.unanswered
            sentence = error.sentence if error else "it does not answer"
            yield failing(self.name, sentence, (error.hint if error else None) or "start it: trapline listen")
            return
        told = view.listener
        for name, problem in sorted((told.get("problems") or {}).items()):
            yield failing(self.name, _PROBLEMS.get(name, "{}").format(problem), _HINTS.get(name, ""))
        if told.get("version") != __version__:
            yield failing(
                self.name,
                f"it runs version {told.get('version')}, installed is {__version__}",
                "restart the listener",
            )
        if told.get("ready"):
            yield well(self.name, f"ready, process {told.get('pid')}, since {told.get('started_at')}")
        else:
            problem = view.child("back").get("problem") or "the back is starting"
            yield failing(self.name, f"the traps are open and record, but it is not ready: {problem}")
