"""What can be done about an incident can be done at a home and by a server, by the same names and parameters."""

from __future__ import annotations

import inspect

from listener.commands._incident_desks import HomeDesk, ServerDesk


def acts(desk: type) -> dict[str, list[str]]:
    found = inspect.getmembers(desk, inspect.isfunction)
    return {name: list(inspect.signature(act).parameters) for name, act in found if not name.startswith("_")}


def test_both_can_the_same() -> None:
    assert acts(HomeDesk) == acts(ServerDesk)
    assert len(acts(HomeDesk)) == 9
