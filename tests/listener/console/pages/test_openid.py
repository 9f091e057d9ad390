"""Sign-in by a provider: a real one on loopback, its claim to a role, and what does not come in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient

from canaries.accounts import accounts, sessions
from canaries.installation.home import Home
from listener.console.app import create_app
from listener.console.auth import COOKIE
from tests import openid_provider, steady
from tests.accounts import member
from tests.openid_provider import person

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""The provider uses what is to go from Authlib."""
ROOT = "http://localhost:4711"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The issuer of a provider that believes whoever types a name."""
    with openid_provider.running() as issuer:
        yield issuer


@pytest.fixture
def browser(home: Home, provider: str) -> FlaskClient:
    openid_provider.trust(home, provider)
    return create_app(home, host="127.0.0.1:4711").test_client()


def consented(browser: FlaskClient, subject: str) -> str:
    """From the sign-in page to the provider; who that is, is typed there; the address to which it sends back."""
    asked = browser.get("/sign-in/openid", base_url=ROOT)
    assert asked.status_code == 303
    answer = requests.post(
        asked.headers["Location"], data={"sub": subject}, allow_redirects=False, timeout=steady.PATIENCE
    )
    return answer.headers["Location"].removeprefix(ROOT)


def come(browser: FlaskClient, subject: str) -> Any:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    return browser.get(consented(browser, subject), base_url=ROOT, headers=headers)


def test_who_has_a_role_there_gets_an_account_here(home: Home, browser: FlaskClient, provider: str) -> None:
    page = browser.get("/sign-in", base_url=ROOT).get_data(as_text=True)
    assert "Sign in with the &lt;b&gt;Trust" in page
    answer = come(browser, person(provider, "1001", preferred_username="Ana", groups=["x", "staff"]))
    assert "Welcome, ana" in answer.get_data(as_text=True)
    cookies = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith(f"{COOKIE}=")]
    assert {"HttpOnly", "SameSite=Strict"} <= set(cookies[0].split("; "))
    assert "Sign out ana" in browser.get("/hits", base_url=ROOT).get_data(as_text=True)
    found = accounts.find(home, "ana")
    assert (found.role, found.state(home.now())) == ("analyst", "signs in")
    with home.store.read() as connection:
        [made] = home.reader.entries(connection, "account")
        [entry] = home.reader.entries(connection, "sign-in")
    assert (made.by, made.body["provider"], made.allowed) == (
        "ana",
        provider,
        {"role": "analyst", "by": "openid"},
    )
    assert (entry.by, entry.body["with"]) == ("ana", "openid")


def test_the_role_follows_the_claim_and_sessions_of_before_end(
    home: Home, browser: FlaskClient, provider: str
) -> None:
    come(browser, person(provider, "1002", preferred_username="ben", groups="trapline-admins"))
    assert accounts.find(home, "ben").role == "admin"
    before = browser.get_cookie(COOKIE, domain="localhost")
    assert before is not None
    person(provider, "1002", preferred_username="ben", groups=["staff"])
    refused = come(browser, "1002")
    assert (refused.status_code, "is the last admin" in refused.get_data(as_text=True)) == (401, True)
    member(home, "boss", "admin")
    assert come(browser, "1002").status_code == 200
    assert accounts.find(home, "ben").role == "analyst"
    assert sessions.actor_of(home, before.value) is None


def test_who_has_no_role_there_does_not_come_in(home: Home, browser: FlaskClient, provider: str) -> None:
    answer = come(browser, person(provider, "1003", preferred_username="eve", groups=["others"]))
    assert answer.status_code == 401
    assert "The provider gives you no role here." in answer.get_data(as_text=True)
    assert COOKIE not in answer.headers.get("Set-Cookie", "")
    assert accounts.listing(home) == []


def test_an_answer_is_taken_once_and_from_the_browser_that_asked(
    home: Home, browser: FlaskClient, provider: str
) -> None:
    path = consented(browser, person(provider, "1005", preferred_username="lea", groups=["staff"]))
    stranger = browser.application.test_client()
    assert stranger.get(path, base_url=ROOT).status_code == 401  # no cookie: it never asked
    stranger.get("/sign-in/openid", base_url=ROOT)
    assert stranger.get(path, base_url=ROOT).status_code == 401  # another state
    assert browser.get(re.sub("code=[^&]+", "code=forged", path), base_url=ROOT).status_code == 401
    assert browser.get(path, base_url=ROOT).status_code == 401  # what the cookie held is used up
    assert accounts.listing(home) == []
    assert come(browser, "1005").status_code == 200


def test_what_is_asked_of_the_provider(browser: FlaskClient) -> None:
    asked = browser.get("/sign-in/openid", base_url=ROOT)
    query = parse_qs(urlsplit(asked.headers["Location"]).query)
    assert query["redirect_uri"] == [f"{ROOT}/sign-in/openid/back"]
    assert (query["response_type"], query["code_challenge_method"]) == (["code"], ["S256"])
    assert {"state", "nonce", "code_challenge"} <= query.keys()
    assert {"HttpOnly", "SameSite=Lax", "Path=/sign-in/openid"} <= set(
        asked.headers["Set-Cookie"].split("; ")
    )


def test_without_a_provider_there_is_nothing(console: Any) -> None:
    assert console.get("/sign-in/openid").status_code == 404
    assert "openid" not in console.get("/sign-in").get_data(as_text=True)
