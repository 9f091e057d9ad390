"""What operators say of a canary."""

from __future__ import annotations

import pytest

from canaries.crypto.sealed_box import Locker
from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.incidents.canary_words import canary_words, status_at

MONDAY, TUESDAY = "2026-11-23T12:00:00.000000Z", "2026-11-24T12:00:00.000000Z"


def test_memo_recipient_and_owner_need_no_vault(home: Home) -> None:
    canary = next(iter(mint(home, "url", memo="board pack", recipient="Ben"))).canary
    (home.path / "keys" / "vault").unlink()
    with home.store.read() as connection:
        words = canary_words(connection, Locker(home.keys.alerts), canary.id, MONDAY)
    assert (words["memo"], words["recipient"], words["owner"]) == ("board pack", "Ben", canary.owner)
    assert (words["places"], words["status"]) == ((), "")


@pytest.mark.parametrize(
    ("retired", "expires", "said"),
    [
        ("", "", ""),
        (None, None, ""),
        (TUESDAY, "", ""),
        ("", TUESDAY, ""),
        (MONDAY, "", "retired"),
        ("", MONDAY, "expired"),
        (MONDAY, MONDAY, "retired"),
    ],
)
def test_a_canary_that_was_retired_after_its_use_was_in_use(
    retired: str | None, expires: str | None, said: str
) -> None:
    assert status_at(retired, expires, MONDAY) == said
