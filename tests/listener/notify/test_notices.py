"""One incident's notice; what is told when is in test_digest."""

from __future__ import annotations

from listener.notify.notices import IncidentNotice


def test_pending_is_what_was_seen_less_what_is_ones_own_and_what_was_told() -> None:
    assert IncidentNotice("aa", new=True, seen=9, own=2, told=4).pending == 3
