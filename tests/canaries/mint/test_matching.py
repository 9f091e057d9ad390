"""Which state a canary is in, and which words may be an id."""

from __future__ import annotations

from canaries.installation.home import Home
from canaries.mint.matching import CanaryMatcher, Wanted, state_of

NOW = "2026-11-25T08:00:00.000000Z"


def test_the_state_is_what_holds_now() -> None:
    later = "2026-11-25T08:00:00.000001Z"
    assert state_of("", "", NOW) == state_of("", later, NOW) == "live"
    assert state_of("", NOW, NOW) == "expired"
    assert state_of(NOW, NOW, NOW) == state_of(NOW, "", NOW) == "retired"


def test_words_that_may_be_an_id(home: Home) -> None:
    with home.store.read() as connection:
        found = CanaryMatcher(
            home, connection, Wanted(words="DEADBEEF page abcde 0123456789abcdef0 face00 face00")
        )
    assert found.ids == ("deadbeef", "face00")
