"""Kept lists: each row names a list that says its day and licence."""

from __future__ import annotations

import pytest

from tools.netdata import kept


def test_every_row_is_a_claim_of_a_known_list() -> None:
    found = list(kept.claims(kept.PATH.read_text(encoding="utf-8").splitlines()))
    assert {claim.value.source for claim in found} == set(kept.LISTS)
    assert all(item.date and item.licence and item.credit for item in kept.LISTS.values())
    with pytest.raises(ValueError, match="not in LISTS"):
        list(kept.claims(["network,class,provider,list", "1.0.0.0/8,cloud,x,mine"]))
