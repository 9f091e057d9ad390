"""Filtering by place: the canaries there, no more than one request may ask for."""

from __future__ import annotations

import pytest

from canaries.core.errors import TraplineError
from canaries.mint.minting import mint
from canaries.plant import noting
from listener.api import placed
from tests.listener.api.conftest import Desk


def test_both_filters_hold_and_too_many_are_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = sorted(one.canary.id for one in mint(desk.home, "url", count=2))
    for canary in (first, second):
        noting.note(desk.home, canary, "the wiki")
    assert placed.among(desk.home, None, " ") is None
    assert placed.among(desk.home, first, "") == [first]
    assert placed.among(desk.home, None, "WIKI") == [first, second]
    assert placed.among(desk.home, second, "wiki") == [second]
    assert placed.among(desk.home, second, "share") == []
    monkeypatch.setattr(placed, "MOST", 1)
    with pytest.raises(TraplineError, match="more than 1 canaries"):
        placed.among(desk.home, None, "wiki")
