"""What is proposed is what the newest hit was, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from canaries.core.errors import NotFoundError
from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.incidents import queries
from listener.notify import rule_proposals


def test_the_newest_hit_is_what_is_proposed(home: Home, strike: Callable[..., str]) -> None:
    canary = next(mint(home, "url")).canary
    hits = [strike(home, canary, ip=ip) for ip in ("192.0.2.1", "192.0.2.2")]
    found = rule_proposals.of_incident(home, queries.one(home, hits[0]).incident)
    assert (found.networks, found.canaries) == (("192.0.2.2",), (canary.id,))
    assert "/" not in found.client
    with pytest.raises(NotFoundError):
        rule_proposals.of_incident(home, "abcdef")
