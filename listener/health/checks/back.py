"""The back process and its loops: intake, sealer, courier, data."""

from __future__ import annotations

from collections.abc import Iterator

from listener.health.checks import Check, View
from listener.health.checks._child import lifesigns
from listener.health.state import PartState, failing, well

_HINTS = {
    "sealer": "see: trapline ledger verify",
    "courier": "nobody is told meanwhile; see its reason, then restart the listener",
    "endpoint": "mend health.bind, then: trapline reload",
    "data": "replace or remove the file in the home's data folder, then: trapline reload",
}


class BackCheck(Check):
    name = "back"
    order = 3

    def look(self, view: View) -> Iterator[PartState]:
        if view.listener is None:
            return
        child = view.child("back")
        found = list(lifesigns(self.name, child))
        yield from found
        for name, part in sorted(((child.get("report") or {}).get("parts") or {}).items()):
            if part.get("state") != "runs":
                word = "has stopped" if part.get("state") == "stopped" else "waits"
                found.append(failing(name, f"{word}: {part.get('problem')}", _HINTS.get(name, "")))
                yield found[-1]
        if not found:
            yield well(self.name, f"process {child.get('pid')}, intake, sealer and courier run")
