"""Deeds that need two."""

from __future__ import annotations

import pytest

from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.home import Home
from canaries.operators import proposals
from tests.operators import acting, enrol

DEED = {"what": "record", "entries": ["0" * 32], "leaves": [], "reason": "asked for"}


def test_a_proposal_waits_until_another_operator_approves(home: Home) -> None:
    enrol(home, "alice", "bob")
    with acting(home, "alice"):
        proposal = proposals.propose(home, DEED)
        found = proposals.find(home, proposal[:20])
        with pytest.raises(TraplineError, match="another operator"):
            proposals.approval(home, found)
    with acting(home, "bob"):
        said = proposals.approval(home, found)
    assert said.kind == "erased"
    with home.store.write() as connection:
        home.writer.put(connection, said)
    assert proposals.pending(home) == []


def test_what_was_not_proposed_is_not_found(home: Home) -> None:
    with pytest.raises(NotFoundError):
        proposals.find(home, "00")


def test_operators_are_counted(home: Home) -> None:
    assert proposals.count_operators(home) == 0
    enrol(home, "alice")
    assert proposals.count_operators(home) == 1
