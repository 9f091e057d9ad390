"""Who somebody is: an account, or whoever has the link; and whether they have just said so."""

from __future__ import annotations

import pytest

from canaries.core.clock import FixedClock
from canaries.core.errors import AccessError
from canaries.installation.home import Home
from listener.console import entrance
from listener.console.auth import COOKIE
from tests.listener.console.test_permits import HOST, As


def test_the_link_is_no_account(home: Home) -> None:
    browser = As(home, "pat", "planter")
    with browser.app.test_request_context(), pytest.raises(AccessError, match="has no account"):
        entrance.me()


def test_who_asks_and_whether_they_have_just_signed_in(home: Home) -> None:
    from flask import g

    home.clock = FixedClock(home.clock.now())
    browser = As(home, "pat", "planter")
    headers = {"Host": HOST, "Cookie": f"{COOKIE}={browser.cookie}"}
    with browser.app.test_request_context("/you", headers=headers):
        browser.app.preprocess_request()
        assert entrance.just_signed_in() == entrance.me() == g.actor
        home.clock.advance(minutes=16)
        with pytest.raises(AccessError, match="within the last"):
            entrance.just_signed_in()
