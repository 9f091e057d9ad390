"""The hits of a case are counted in the sealed entries."""

from __future__ import annotations

from typing import Any

import pytest

from canaries.core.errors import LedgerError
from listener.dossier.collect import scope_of
from listener.dossier.proof import sealed_hits


def test_an_incident_and_a_canary_count_their_own(story: Any) -> None:
    home = story.home
    mine = sealed_hits(home, scope_of(home, story.incident, None))
    same = sealed_hits(home, scope_of(home, None, story.canary))
    other = sealed_hits(home, scope_of(home, None, story.other))
    assert [one.stated["count"] for one in (mine, same, other)] == [3, 3, 1]
    assert mine.stated["root"] == same.stated["root"] != other.stated["root"]
    assert mine.stated["divided"] == 0
    assert mine.late == frozenset()
    assert len(mine.own) > len(same.own) > len(other.own) > 0


def test_without_the_vault_key_nothing_is_stated(story: Any) -> None:
    scope = scope_of(story.home, story.incident, None)
    (story.home.keys.folder / "vault").unlink()
    with pytest.raises(LedgerError, match="vault's key is not here"):
        sealed_hits(story.home, scope)
