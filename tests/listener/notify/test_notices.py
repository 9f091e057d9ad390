"""One incident's notice; what is told when is in test_digest."""

from __future__ import annotations

import pytest

from listener.notify.notices import IncidentNotice, _why


def test_pending_is_what_was_seen_less_what_is_ones_own_and_what_was_told() -> None:
    assert IncidentNotice("aa", new=True, seen=9, own=2, told=4).pending == 3


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [(1, 2, "now with a credential"), (2, 3, "now more severe"), (1, 8, "now more severe")],
)
def test_what_breaks_through_says_what_is_new(before: int, now: int, said: str) -> None:
    assert _why(before, now) == said
