"""One's own sessions and tokens, with their last use; what is another's does not exist."""

from __future__ import annotations

import re
from typing import Any

from canaries.accounts import accounts, sessions, tokens
from canaries.core.clock import FixedClock
from canaries.installation.home import Home
from tests.accounts import member
from tests.listener.console.test_permits import As


def test_a_token_is_shown_once_and_works(home: Home) -> None:
    pat = As(home, "pat", "planter")
    form = {"name": "the <b>pipeline", "days": "7", "scope": ["canaries:mint", "canaries:read"]}
    page = pat.post("/you/tokens", form).get_data(as_text=True)
    [secret] = re.findall(r'id="token">(tlapi_[\w-]+)<', page)
    assert tokens.authenticate(home, secret, "192.0.2.9").name == "pat"
    again = pat.get("/you").get_data(as_text=True)
    assert secret not in again
    assert "the &lt;b&gt;pipeline" in again
    assert "192.0.2.9" in again, "its last use is shown"
    [made] = tokens.listing(home, accounts.find(home, "pat").id)
    assert made.scopes == ("canaries:mint", "canaries:read")
    assert pat.post(f"/you/tokens/{made.id}/revoke", {"reason": "done"}).status_code == 303
    assert tokens.find(home, made.id).revoked_at
    for wrong in ({"days": "x"}, {"days": "367"}, {"name": ""}, {"scope": "hits:read"}):
        assert pat.post("/you/tokens", form | wrong).status_code == 422


def test_another_session_of_ones_own_is_seen_and_ended(home: Home) -> None:
    home.clock = FixedClock(home.clock.now())
    pat = As(home, "pat", "planter")
    home.clock.advance(seconds=31)
    other = pat.member.sign_in(ip="203.0.113.9")
    page = pat.get("/you").get_data(as_text=True)
    assert ("203.0.113.9" in page, "this one" in page) == (True, True)
    [id_] = re.findall(r"/you/sessions/(\w+)/end", page)
    assert pat.post(f"/you/sessions/{id_}/end").status_code == 303
    assert sessions.actor_of(home, other.cookie) is None
    assert pat.get("/you").status_code == 200
    assert pat.post(f"/you/sessions/{id_}/end").status_code == 404


def test_a_stolen_cookie_makes_nothing_that_outlives_its_session(home: Home) -> None:
    home.clock = FixedClock(home.clock.now())
    pat = As(home, "pat", "planter")
    home.clock.advance(minutes=16)
    assert pat.get("/you").status_code == 200
    answer = pat.post("/you/tokens", {"name": "thief", "days": "9"})
    assert (answer.status_code, "within the last 15 minutes" in answer.get_data(as_text=True)) == (403, True)
    assert tokens.listing(home) == []


def test_what_is_anothers_does_not_exist(home: Home) -> None:
    pat, other = As(home, "pat", "planter"), member(home, "other", "admin")
    other.sign_in()
    made, _ = tokens.create(home, other.account, "laptop")
    [session] = sessions.listing(home, other.account.id)
    assert pat.post(f"/you/tokens/{made.id}/revoke").status_code == 404
    assert pat.post(f"/you/sessions/{session.id}/end").status_code == 404
    assert "laptop" not in pat.get("/you").get_data(as_text=True)


def test_whoever_came_by_the_link_has_no_account(console: Any) -> None:
    assert "You came by the link" in console.get("/you").get_data(as_text=True)
    assert console.post("/you/tokens", {"name": "x", "days": "1"}).status_code == 403
