"""In once by the link or by account, out for good."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from canaries.accounts import accounts, passwords
from listener.console.auth import COOKIE
from tests.accounts import PASSWORD, member


def test_the_link_brings_a_cookie_that_scripts_cannot_read(console: Any) -> None:
    link = console.app.extensions["trapline"].doorkeeper.link()
    response = console.get(f"/enter/{link}")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert 'http-equiv="refresh"' in response.get_data(as_text=True)
    assert console.get(f"/enter/{link}").status_code == 401


def stolen(console: Any) -> Callable[[], int]:
    """Another browser with the same cookie: what it gets, each time it asks."""
    other = console.app.test_client()
    other.set_cookie(COOKIE, console.client.get_cookie(COOKIE, domain="127.0.0.1").value, domain="127.0.0.1")
    return lambda: int(other.get("/hits", base_url="http://127.0.0.1:4711").status_code)


def test_leaving_ends_the_session_for_good(console: Any) -> None:
    thief = stolen(console)
    assert thief() == 200
    assert console.get("/").headers["Location"] == "/health"
    assert console.post("/leave").status_code == 200
    assert console.get("/hits").status_code == 401
    assert thief() == 401


def signed_in(console: Any, someone: Any, **wrong: str) -> Any:
    form = {"name": someone.account.name, "password": PASSWORD, "code": someone.code(1)} | wrong
    return console.post("/sign-in", form, csrf="")


def test_an_account_signs_in_and_a_stolen_cookie_dies_with_its_session(console: Any) -> None:
    console.post("/leave")
    someone = member(console.home, "ana", "analyst")
    answer = signed_in(console, someone)
    assert answer.status_code == 200
    assert "Welcome, ana" in answer.get_data(as_text=True)
    assert {"HttpOnly", "SameSite=Strict"} <= set(answer.headers["Set-Cookie"].split("; "))
    page = console.get("/hits").get_data(as_text=True)
    assert "Sign out ana" in page
    thief = stolen(console)
    assert thief() == 200
    csrf = re.search(r'name="csrf" value="([\w-]+)"', page)
    assert csrf
    assert console.post("/leave", csrf="forged").status_code == 403
    assert console.post("/leave", csrf=csrf[1]).status_code == 200
    assert thief() == 401
    [entry] = console.entries("sign-in")
    assert (entry.by, entry.body["outcome"]) == ("ana", "in")


@pytest.mark.parametrize("wrong", [{"name": "nobody"}, {"password": "x"}, {"code": "000000"}, {"code": ""}])
def test_whatever_is_wrong_the_sentence_is_the_same(console: Any, wrong: dict[str, str]) -> None:
    console.post("/leave")
    answer = signed_in(console, member(console.home, "ana", "analyst"), **wrong)
    assert answer.status_code == 401
    assert "Name, password or code is wrong." in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers
    assert PASSWORD not in answer.get_data(as_text=True)


def test_another_role_ends_the_session_at_once(console: Any) -> None:
    console.post("/leave")
    someone = member(console.home, "ana", "analyst")
    member(console.home, "boss", "admin")
    signed_in(console, someone)
    assert console.get("/hits").status_code == 200
    accounts.set_role(console.home, "ana", "planter")
    assert console.get("/hits").status_code == 401


def test_an_invitation_is_taken_up_once(console: Any) -> None:
    _, code = accounts.add(console.home, "new", "auditor")
    console.post("/leave")
    path = f"/invitation/{code}"
    page = console.get(path).get_data(as_text=True)
    assert "Your role is auditor" in page
    assert "<svg" in page
    secret = re.findall(r'name="secret" value="([0-9a-f]+)"', page)[0]
    step = int(console.home.clock.now().timestamp()) // passwords.STEP
    form = {"secret": secret, "password": PASSWORD, "again": PASSWORD}
    form["code"] = passwords.code_at(bytes.fromhex(secret), step)
    for wrong in (
        {"again": "other"},
        {"code": "x"},
        {"secret": "zz"},
        {"password": "short", "again": "short"},
    ):
        again = console.post(path, form | wrong, csrf="")
        assert again.status_code == 422, wrong
        same = f'name="secret" value="{secret}"' in again.get_data(as_text=True)
        assert same is ("secret" not in wrong), "what was scanned stays right after a mistake"
    assert console.post(path, form, csrf="").headers["Location"] == "/sign-in"
    assert console.post(path, form, csrf="").status_code == 403
    assert console.get(path).status_code == 403
    next_code = passwords.code_at(bytes.fromhex(secret), step + 1)
    answer = console.post("/sign-in", {"name": "new", "password": PASSWORD, "code": next_code}, csrf="")
    assert answer.status_code == 200


def test_a_log_that_went_back_is_a_red_banner(console: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from canaries.accounts import checkpoints

    monkeypatch.setattr(checkpoints, "look", lambda *_: ("9 abc", "the log is shorter than it was"))
    console.post("/leave")
    page = signed_in(console, member(console.home, "ana", "analyst")).get_data(as_text=True)
    assert re.search(r'class="warning bad" role="alert">The log is shorter', page)
    assert 'http-equiv="refresh"' not in page, "it stays until it was read"
