from __future__ import annotations

import pytest
from sqlalchemy import select

from canaries.core.errors import MintError
from canaries.core.store import canary as table
from canaries.crypto.labels import CanaryLabel, open_label
from canaries.crypto.sealed_box import Locker
from canaries.installation.home import Home
from canaries.mint import amending, catalogue, minting

LATER = "2999-01-01T00:00:00.000000Z"


def test_f9_what_is_changed_holds_in_lists_and_alerts_and_the_bait_stays(any_home: Home) -> None:
    (made,) = minting.mint(any_home, "url", memo="old", recipient="Ann")
    amending.amend(any_home, [made.canary], memo="new", expires_at=LATER, tags=["web", "db"], reason="moved")
    amending.amend(any_home, [made.canary], owner="ben", untags=["db"])
    found = catalogue.summary(any_home, made.canary.id)
    assert (found.memo, found.recipient, found.owner, found.expires_at, found.tags) == (
        "new",
        "Ann",
        "ben",
        LATER,
        ("web",),
    )
    with any_home.store.read() as connection:
        label = connection.scalar(select(table.c.label))
        bodies = [entry.body for entry in any_home.reader.entries(connection, "amended")]
    words = open_label(Locker(any_home.keys.alerts), made.canary.id, label)
    assert words == CanaryLabel(memo="new", recipient="Ann", owner="ben", tags=("web",))
    assert bodies[0]["changed"] == {"memo": "new", "expires_at": LATER}
    assert (bodies[0]["reason"], bodies[1]["tags"]) == ("moved", ["web"])
    assert catalogue.bait(any_home, catalogue.find(any_home, made.canary.id)).text == made.canary.text


def test_nothing_to_change_is_refused(home: Home) -> None:
    (made,) = minting.mint(home, "url")
    with pytest.raises(MintError, match="nothing to change"):
        amending.amend(home, [made.canary])
