"""The fact is what intake found; what it means is said by the verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from listener.evidence.derived import SendFact
from listener.facts import Use
from listener.facts._events import happened
from listener.facts.authorised_send import SendCheck


def use(send: SendFact | None) -> Use:
    at = "2026-11-27T08:00:00.000000Z"
    nothing = cast(Any, None)
    return Use("c", "user", "email", "smtp", at, "", at, ("203.0.113.7", 1), {}, nothing, send=send)


def test_what_was_found_is_handed_on(tmp_path: Path) -> None:
    fact = SendFact(source="s", result="authorised", list="l", send="1")
    assert SendCheck(tmp_path).derive(use(fact), {}) == fact
    assert SendCheck(tmp_path).derive(use(None), {}) is None


@pytest.mark.parametrize(
    ("result", "event", "weight"),
    [
        ("authorised", "authorised_send", 0),
        ("no message", "subscriber_named", 0),
        ("unauthorised", "unauthorised_send", 4),
    ],
)
def test_what_it_means(result: str, event: str, weight: int) -> None:
    found = happened(use(SendFact(source="s", result=result, list="l", why="none was announced")), {})
    assert (found.name, found.weight) == (event, weight)
