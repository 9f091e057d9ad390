"""Homes to look at, on SQLite; the listener's answer is made."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from canaries.installation.home import Home
from listener.health.checks import Check, View
from listener.health.state import PartState
from tests.listener.health.looking import answer

Look = Callable[..., list[PartState]]


@pytest.fixture
def well_answer(home: Home) -> dict[str, Any]:
    return deepcopy(answer(home))


@pytest.fixture
def look(home: Home) -> Look:
    """``look(check, listener)``: what the check says of ``home``, in a session that has read nothing before."""

    def run(check: type[Check], listener: dict[str, Any] | None = None) -> list[PartState]:
        fresh = Home(home.path, home.clock)
        try:
            return list(check().look(View(fresh, fresh.clock.now(), listener)))
        finally:
            if "store" in fresh.__dict__:
                fresh.store.close()

    return run
