"""A budget is spent as long as it lasts, and says which of its bounds left something unseen."""

from __future__ import annotations

from canaries.decoders._budget import USUAL, DecodingBudget, DecodingLimits


def test_what_is_left_grows_with_the_input_and_is_spent() -> None:
    budget = DecodingBudget(DecodingLimits(produced=100, produced_each=2, work=1000, work_each=10), 50)
    assert (budget.produced, budget.work, budget.depth) == (200, 1500, USUAL.depth)
    assert budget.spend(1500)
    assert budget.reached == ()
    assert not budget.spend(1)
    assert budget.work == 0


def test_each_bound_is_named_once_in_the_order_they_were_met() -> None:
    budget = DecodingBudget(DecodingLimits(work=0, work_each=0), 10)
    budget.note("depth")
    assert not budget.spend(1)
    budget.note("bytes")
    budget.note("depth")
    assert budget.reached == ("depth", "work", "bytes")
