"""The check of the listener as a whole."""

from __future__ import annotations

from typing import Any

import pytest

from listener.health.checks.listener import ListenerCheck
from tests.listener.health.looking import failures


def test_well(look: Any, well_answer: dict[str, Any]) -> None:
    assert not failures(look(ListenerCheck, well_answer))


def test_newcomer_f5_not_running(look: Any) -> None:
    assert "listener: " in failures(look(ListenerCheck, None))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"ready": False}, "not ready"),
        ({"version": "0.0.1"}, "it runs version 0.0.1"),
        ({"problems": {"reload": "bad setting"}}, "the last reload was refused: bad setting"),
        ({"problems": {"certificates": "no key"}}, "a renewed certificate cannot be used"),
        ({"problems": {"restart": "traps.http.bind"}}, "only a restart takes up: traps.http.bind"),
    ],
)
def test_what_is_wrong_is_named(look: Any, well_answer: dict[str, Any], change: Any, word: str) -> None:
    assert word in failures(look(ListenerCheck, well_answer | change))


def test_o9_the_reason_why_it_is_not_ready(look: Any, well_answer: dict[str, Any]) -> None:
    well_answer["ready"] = False
    well_answer["back"] |= {"state": "waiting", "problem": "the database is away"}
    assert "not ready: the database is away" in failures(look(ListenerCheck, well_answer))
