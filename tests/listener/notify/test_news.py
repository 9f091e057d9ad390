"""What breaks through says what is new, and says it once."""

from __future__ import annotations

import pytest

from listener.notify import news
from listener.notify.payload import Noted
from tests.listener.notify.test_digest import hit


def deed(event: str) -> Noted:
    return hit(facts={"verdict": {"severity": "high", "kind": "unknown", "event": event}})


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [(1, 2, "now with a credential"), (2, 3, "now more severe"), (1, 8, "now more severe")],
)
def test_a_step_up_says_which(before: int, now: int, said: str) -> None:
    assert news.why((before, now), [], second_network=True) == said


def test_another_sort_of_deed_inside_is_told_once() -> None:
    known = news.events([], [deed("record_given_out"), deed("link_followed"), hit()])
    assert known == ["record_given_out"]
    both = news.events(known, [deed("record_given_out"), deed("used_inside")])
    assert both == ["record_given_out", "used_inside"]
    assert news.why((4, 4), both[1:], second_network=False) == "now also: used inside an application"
    assert news.why((4, 4), [], second_network=False) == ""
    assert news.why((4, 4), [], second_network=True) == "now from a second network"
