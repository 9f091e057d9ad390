"""The ledger names what it needs of an installation."""

from __future__ import annotations

from canaries.installation.home import Home
from canaries.ledger.log_home import LogHome


def test_a_home_has_all_that_the_ledger_needs(home: Home) -> None:
    seen: LogHome = home
    names = [name for name in vars(LogHome) if not name.startswith("_")]
    assert {"id", "keys", "now", "settings", "store"} <= set(names)
    for name in names:
        assert getattr(seen, name)
