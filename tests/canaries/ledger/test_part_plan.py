"""Which fields of a body are open, grouped, or parts of their own."""

from __future__ import annotations

import pytest

from canaries.ledger.part_plan import OPEN, plan_of


def test_what_is_harmless_is_open_what_belongs_together_is_one_part_and_the_rest_stands_alone() -> None:
    plan = plan_of("hit", ("canary", "source", "observed", "peer", "by", "new"))
    assert plan.shown == ("canary",)
    assert plan.names == ["address", "content", "body.by", "new"]
    assert plan.apart == (("source", "peer"), ("observed",), ("by",), ("new",))


@pytest.mark.parametrize("more", [0, 200])
def test_of_an_export_nothing_but_what_it_was_is_open(more: int) -> None:
    numbered = tuple(f"canary.{number}" for number in range(more))
    plan = plan_of("exported", ("what", *sorted(OPEN - {"what", "canaries"}), *numbered))
    assert plan.shown == ("what",)
    assert plan.names == ["case", *numbered]
