"""The log as a dossier shows it: each place with its hash, and the reason where it is withheld."""

from __future__ import annotations

from typing import Any

import pytest

from canaries.ledger.merkle import Frontier
from listener.dossier.case import Case
from listener.dossier.case_leaves import CaseLeaves
from listener.dossier.collect import collect, scope_of
from listener.dossier.versions import VERSIONS


def test_the_hashes_are_those_that_the_head_signed(case: Case) -> None:
    tree = Frontier()
    for at in range(0, len(case.leaves.hashes), 32):
        tree.append(case.leaves.hashes[at : at + 32])
    assert (len(tree), tree.root()) == (case.head.checkpoint.size, case.head.checkpoint.root)


@pytest.mark.parametrize("name", ["counsel", "provider"])
def test_what_is_withheld_is_counted_by_reason(story: Any, name: str) -> None:
    case = collect(story.home, scope_of(story.home, story.incident, None), version=VERSIONS[name])
    statuses = [leaf.status for leaf in case.leaves if leaf.status != "disclosed"]
    assert sum(case.leaves.withheld.values()) == len(statuses)
    for reason, count in case.leaves.withheld.items():
        assert statuses.count(f"withheld:{reason}") == count > 0
    assert ("held-back" in case.leaves.withheld) == (name == "provider")


def test_the_first_reason_that_fits_is_given(story: Any, case: Case) -> None:
    leaves = list(case.leaves)[:8]
    digest = [leaf.hash for leaf in leaves]
    told = CaseLeaves(
        story.home,
        8,
        [0],
        erased={digest[0], digest[1]},
        left={digest[4]},
        dropped={1, 2},
        own={3, 4},
        late={4, 5},
    )
    assert [leaf.status.removeprefix("withheld:") for leaf in told] == [
        "disclosed", "erased", "held-back", "held-back", "no-header", "no-header", "other-matter", "other-matter",
    ]  # fmt: skip


def test_headers_are_those_of_what_is_withheld(case: Case) -> None:
    withheld = {leaf.seq: leaf.hash for leaf in case.leaves if leaf.status != "disclosed"}
    headers = dict(case.leaves.headers())
    assert headers.keys() == withheld.keys()
    assert {seq: header.leaf for seq, header in headers.items()} == withheld
