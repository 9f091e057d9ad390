"""Passkeys in the console: made under its name by whoever has just signed in, one sentence for what is wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest

from canaries.accounts.sessions import csrf_of
from canaries.core.clock import FixedClock
from canaries.installation.home import Home
from listener.console.app import create_app
from listener.console.auth import COOKIE
from tests.accounts import member
from tests.authenticator import Authenticator
from tests.listener.console.test_permits import As

NAMED = "http://localhost:4711"


class AtLocalhost:
    """A browser that has signed in under the name."""

    def __init__(self, home: Home) -> None:
        self.client = create_app(home, host="127.0.0.1:4711").test_client()
        self.someone = member(home, "pat", "planter")
        self.cookie = self.someone.sign_in().cookie
        self.client.set_cookie(COOKIE, self.cookie, domain="localhost")

    def get(self, path: str) -> Any:
        return self.client.get(path, base_url=NAMED)

    def post(self, path: str, **form: str) -> Any:
        return self.client.post(path, data=form | {"csrf": csrf_of(self.cookie)}, base_url=NAMED)

    def register(self, device: Authenticator) -> Any:
        said = device.create(self.get("/you/passkeys/new").get_data(as_text=True))
        return self.post("/you/passkeys", credential=said, name="phone")


@pytest.fixture
def pat(home: Home) -> AtLocalhost:
    home.clock = FixedClock(home.clock.now())
    return AtLocalhost(home)


def test_made_used_and_removed(pat: AtLocalhost) -> None:
    device = Authenticator(NAMED)
    assert pat.register(device).status_code == 303
    said = device.get(pat.get("/sign-in/passkey").get_data(as_text=True))
    stranger = pat.client.application.test_client()
    answer = stranger.post("/sign-in/passkey", data={"credential": said}, base_url=NAMED)
    assert answer.status_code == 200
    assert {"HttpOnly", "SameSite=Strict"} <= set(answer.headers["Set-Cookie"].split("; "))
    assert stranger.get("/you", base_url=NAMED).status_code == 200
    again = stranger.post("/sign-in/passkey", data={"credential": said}, base_url=NAMED)
    assert again.status_code == 401
    assert "The passkey was not taken." in again.get_data(as_text=True)
    assert "Set-Cookie" not in again.headers
    [path] = re.findall(r'action="(/you/passkeys/\w+/remove)"', pat.get("/you").get_data(as_text=True))
    assert pat.post(path).status_code == 303
    assert pat.post(path).status_code == 404


def test_a_stolen_cookie_makes_none(home: Home, pat: AtLocalhost) -> None:
    assert isinstance(home.clock, FixedClock)
    said = Authenticator(NAMED).create(pat.get("/you/passkeys/new").get_data(as_text=True))
    home.clock.advance(minutes=16)
    assert pat.get("/you/passkeys/new").status_code == 403
    assert pat.post("/you/passkeys", credential=said, name="thief").status_code == 403


def test_anothers_passkey_does_not_exist(home: Home, pat: AtLocalhost) -> None:
    pat.register(Authenticator(NAMED))
    [path] = re.findall(r'action="(/you/passkeys/\w+/remove)"', pat.get("/you").get_data(as_text=True))
    assert As(home, "boss", "admin").post(path).status_code == 404


def test_at_an_address_there_are_none_and_the_page_says_where(console: Any) -> None:
    assert console.get("/sign-in/passkey").status_code == 422
    page = console.get("/sign-in").get_data(as_text=True)
    assert f'href="{NAMED}/sign-in"' in page
    assert "data-passkey" not in page
