from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from canaries.core.errors import NotFoundError, TraplineError
from canaries.core.store import incident, notice
from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.notify import quiet_incidents
from listener.notify.notices import FOREVER


def test_o15_acknowledging_and_snoozing_is_an_entry_that_says_who_and_why(
    home: Home, strike: Callable[..., str]
) -> None:
    strike(home, next(mint(home, "url")).canary)
    with home.store.read() as connection:
        name = connection.scalars(select(incident.c.id)).one()
    quiet_incidents.keep_quiet(home, name[:4], reason="on it")
    with home.store.read() as connection:
        assert connection.scalar(select(notice.c.held_until)) == FOREVER
    quiet_incidents.keep_quiet(home, name, "12h")
    with home.store.read() as connection:
        assert home.now() < str(connection.scalar(select(notice.c.held_until))) < FOREVER
        first, second = home.reader.entries(connection, "noted")
    assert (first.by, first.body["text"]) == (home.operator, "acknowledged: on it")
    assert second.body["text"].startswith("snoozed until 20")
    with pytest.raises(TraplineError, match="not a time"):
        quiet_incidents.keep_quiet(home, name, "soon")
    with pytest.raises(NotFoundError):
        quiet_incidents.keep_quiet(home, "ffff")
