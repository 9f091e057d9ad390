"""Who may do what in the console: every endpoint declares it, each role is tried at each of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from canaries.accounts.permissions import MUST_READ, ROLES, Permission
from canaries.core.model import Canary
from canaries.installation.home import Home
from canaries.mint import catalogue, finding
from canaries.mint.matching import Wanted
from canaries.mint.minting import mint
from listener.console import permits
from listener.console.app import create_app
from listener.console.auth import COOKIE
from listener.incidents import queries
from tests.accounts import member

HOST = "127.0.0.1:4711"


class As:
    """A browser in which an account has signed in."""

    def __init__(self, home: Home, name: str, role: str) -> None:
        self.app = create_app(home, host=HOST)
        self.client = self.app.test_client()
        self.home, self.member = home, member(home, name, role)
        found = self.member.sign_in()
        self.cookie = found.cookie
        self.client.set_cookie(COOKIE, found.cookie, domain="127.0.0.1")

    def get(self, path: str) -> Any:
        return self.client.get(path, base_url=f"http://{HOST}")

    def post(self, path: str, data: dict[str, Any] | None = None) -> Any:
        from canaries.accounts.sessions import csrf_of

        form = dict(data or {}) | {"csrf": csrf_of(self.cookie)}
        return self.client.post(path, data=form, base_url=f"http://{HOST}")


def endpoints(app: Flask) -> list[str]:
    return sorted(name for name in app.view_functions if name not in permits.OPEN | permits.ANYBODY)


def test_every_endpoint_declares_what_it_needs(home: Home) -> None:
    app = create_app(home, host=HOST)
    with app.app_context():
        silent = [name for name in endpoints(app) if not permits.needed(name)]
        assert not silent, f"these declare no permission, so no account may use them: {silent}"
        for rule in app.url_map.iter_rules():
            declared = permits.needed(rule.endpoint)
            if declared and "POST" in (rule.methods or ()):
                changes = [one for one in declared if one not in MUST_READ]
                assert changes, f"{rule.endpoint} changes something and needs only what an auditor has"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_at_each_page_and_action(
    home: Home, canary: Canary, visit: Callable[..., str], role: str
) -> None:
    """Of each endpoint: refused exactly where the role lacks a permission that it declares."""
    hit = queries.one(home, visit(canary))
    browser = As(home, "somebody", role)
    ids = {"incidents": hit.incident, "incident_acts": hit.incident, "hits": hit.id, "dossiers": "0" * 8}
    wrong = {}
    for rule in browser.app.url_map.iter_rules():
        area = rule.endpoint.partition(".")[0]
        if rule.endpoint in permits.OPEN | permits.ANYBODY or rule.endpoint == "hits.live":
            continue
        values = {
            "id_": ids.get(area, canary.id),
            "channel": "none",
            "rule_id": "0" * 8,
            "place": "page",
            "kind": "url",
            "size": 1,
            "entry_id": "f" * 32,
            "name": "somebody",
            "token_id": "0" * 16,
            "session_id": "0" * 16,
            "request_id": "0" * 16,
            "passkey_id": "0" * 16,
        }
        with browser.app.test_request_context():
            given: dict[str, Any] = {name: values[name] for name in rule.arguments}
            path = browser.app.url_for(rule.endpoint, **given)
        with browser.app.app_context():
            needed = permits.needed(rule.endpoint) or ()
        may = all(one in ROLES[role] for one in needed)
        answer = browser.post(path) if "POST" in (rule.methods or ()) else browser.get(path)
        if (answer.status_code == 403) == may:
            wrong[rule.endpoint] = answer.status_code
    assert not wrong


def test_a_planter_sees_their_own_canaries_and_nothing_of_hits(
    home: Home, canary: Canary, visit: Callable[..., str]
) -> None:
    planter = As(home, "pat", "planter")
    assert planter.post("/mint/page/url", {"memo": "of pat"}).status_code == 303
    mine = catalogue.find(home, finding.look(home, Wanted(words="of pat")).found[0].id)
    next(iter(mint(home, "url", memo="said to be of pat", owner="pat")))
    hit = queries.one(home, visit(mine, ip="198.51.100.77"))
    visit(canary)
    page = planter.get("/canaries").get_data(as_text=True)
    assert (">of pat<" in page, canary.memo in page, "said to be" in page) == (True, False, False)
    shown = planter.get(f"/canaries/{mine.id}").get_data(as_text=True)
    for text in (page, shown, planter.get(f"/minted/{mine.id}").get_data(as_text=True)):
        for secret in (hit.id, hit.ip, hit.incident, 'href="/hits', 'href="/incidents'):
            assert secret not in text
    assert planter.get("/canaries?used=yes").get_data() == planter.get("/canaries?used=no").get_data()
    for path in (f"/canaries/{canary.id}", f"/minted/{canary.id}", f"/canaries?id={canary.id}"):
        assert planter.get(path).status_code == 404
    for act in ("reveal", "retire", "amend"):
        assert planter.post(f"/canaries/{canary.id}/{act}", {"reason": "x"}).status_code == 404
    for act in ("bait", "test"):
        assert planter.post(f"/minted/{canary.id}/{act}").status_code == 404
    bulk = {"id": [mine.id, canary.id], "deed": "retire", "reason": "x"}
    assert planter.post("/canaries/bulk", bulk).status_code == 404
    assert planter.get("/").headers["Location"] == "/canaries"
    with home.store.read() as connection:
        assert not list(home.reader.entries(connection, "retired"))


def test_what_an_account_does_is_in_its_name_and_says_its_role(home: Home) -> None:
    analyst = As(home, "ana", "analyst")
    assert analyst.post("/mint/page/url", {"memo": "wiki"}).status_code == 303
    with home.store.read() as connection:
        [entry] = home.reader.entries(connection, "minted")
    assert (entry.by, entry.allowed["role"]) == ("ana", "analyst")


def test_an_endpoint_that_declares_nothing_is_closed_to_accounts(home: Home) -> None:
    browser = As(home, "root-of-all", "admin")
    browser.app.view_functions["trail.index"] = lambda: "open"
    answer = browser.get("/trail")
    assert answer.status_code == 403
    assert Permission.LEDGER_READ in ROLES["admin"]
