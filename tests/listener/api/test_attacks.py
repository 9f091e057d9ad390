"""What nobody may, tried: learning of hits, changing, purging, going on with what was revoked."""

from __future__ import annotations

import json

from canaries.accounts import accounts, sessions, tokens
from canaries.core import store
from canaries.ledger.verification import verify
from tests.accounts import member
from tests.listener.api.conftest import Desk, Story

HOSTILE = (
    "<script>alert(1)</script>",
    "\u202e\u200b\x1b[2J\r\nX-Injected: 1",
    "{{7*7}} ${7*7} %s %n",
    "=cmd|'/c calc'!A1",
    "' OR 1=1 --",
    "../../etc/passwd",
    "a" * 5000,
    "\U0001f426" * 100,
)


def test_a_planter_learns_nothing_about_hits(desk: Desk, story: Story) -> None:
    """Whatever a planter can ask says the same, byte for byte, before and after more hits on their bait."""
    from canaries.mint import catalogue

    asked = [
        "/canaries",
        f"/canaries/{story.own}",
        "/placements",
        f"/placements/{story.own_place}",
        "/jobs",
        "/me",
        "/kinds",
        f"/canaries/{story.others}",
        "/hits",
        f"/hits/{story.hit}",
        f"/hits?canary={story.own}",
        "/incidents",
        f"/incidents/{story.incident}",
        "/ledger/trail",
        f"/ledger/entries/{story.hit}/proof",
        "/deliveries",
        "/channels",
        "/health",
    ]

    def seen() -> list[tuple[int, bytes, str | None]]:
        answers = [desk.ask("planter", "GET", path) for path in asked]
        cleaned = [
            (
                answer.status_code,
                answer.data.replace(answer.headers["X-Request-Id"].encode(), b""),
                answer.headers.get("ETag"),
            )
            for answer in answers
        ]
        assert not [answer for answer in answers if b'"hits"' in answer.data]
        return cleaned

    before = seen()
    with desk.home.store.write() as connection:
        connection.execute(store.hit.delete().where(store.hit.c.canary_id == story.own))
    assert catalogue.summary(desk.home, story.own).hits == 0
    assert seen() == before
    answer = desk.ask("planter", "POST", f"/canaries/{story.own}/reveal", json={"reason": "mine"})
    assert "hits" not in (answer.json or {})


def test_an_auditor_changes_nothing(desk: Desk, story: Story) -> None:
    """Every path with every method: not one line of the ledger, and not one row but their own tokens, is new."""
    desk.token("auditor")
    with desk.home.store.read() as connection:
        before = [connection.execute(table.select()).all() for table in WATCHED]
    for path in (
        *("/canaries", "/canaries/bulk", f"/canaries/{story.own}", f"/canaries/{story.own}/retire"),
        *(
            f"/canaries/{story.own}/reveal",
            f"/incidents/{story.incident}",
            f"/incidents/{story.incident}/notes",
        ),
        *(
            "/accounts",
            "/accounts/second",
            "/accounts/second/reset",
            "/accounts/second/sessions",
            "/dossiers",
        ),
        *(
            "/scans",
            "/channels/ops/test",
            "/channels/ops/retry",
            "/channels/ops/give-up",
            f"/hits/{story.hit}/raw",
        ),
    ):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = desk.ask("auditor", method, path, json={"reason": "x"}, headers={"If-Match": "*"})
            assert answer.status_code in (403, 405), f"{method} {path}: {answer.status_code}"
    with desk.home.store.read() as connection:
        assert [connection.execute(table.select()).all() for table in WATCHED] == before


WATCHED = (
    store.entry,
    store.canary,
    store.placement,
    store.incident,
    store.account,
    store.outbox,
    store.leaf,
)


def test_an_admin_cannot_remove_a_line_of_the_trail(desk: Desk, story: Story) -> None:
    """No path under the ledger, entries or trail takes anything but reading; then all is still there and verifies."""
    with desk.home.store.read() as connection:
        before = {row.id: row.sealed for row in connection.execute(store.entry.select())}
    for path in (
        *("/ledger", "/ledger/trail", f"/ledger/trail/{story.entry}", f"/ledger/entries/{story.entry}"),
        *(
            f"/ledger/entries/{story.entry}/proof",
            "/ledger/checkpoint",
            f"/hits/{story.hit}",
            "/hits",
            "/ledger/verify",
        ),
        *(
            f"/incidents/{story.incident}",
            f"/canaries/{story.own}",
            "/accounts/second",
            "/jobs",
            "/deliveries",
        ),
    ):
        for method in ("DELETE", "PUT"):
            answer = desk.ask("admin", method, path, json={"reason": "x"})
            assert answer.status_code in (404, 405), f"{method} {path}: {answer.status_code}"
    desk.ask("admin", "PATCH", "/accounts/second", json={"disabled": True, "reason": "away with it"})
    desk.ask("admin", "POST", "/accounts/second/reset", json={"reason": "away with it"})
    with desk.home.store.read() as connection:
        after = {row.id: row.sealed for row in connection.execute(store.entry.select())}
    assert {name: after.get(name) for name in before} == before
    verify(desk.home)


def test_what_is_revoked_is_dead_at_once(desk: Desk) -> None:
    assert desk.ask("planter", "GET", "/me").status_code == 200
    own = str((desk.ask("planter", "GET", "/me").json or {})["token"])
    assert desk.ask("planter", "DELETE", f"/tokens/{own}").status_code == 204
    assert desk.ask("planter", "GET", "/me").status_code == 401
    assert desk.ask("analyst", "GET", "/hits").status_code == 200
    accounts.set_role(desk.home, "analyst", "planter")
    assert desk.ask("analyst", "GET", "/hits").status_code == 403
    accounts.disable(desk.home, "analyst", "gone")
    assert desk.ask("analyst", "GET", "/me").status_code == 401


def test_a_session_is_no_token_and_dies_when_told(desk: Desk) -> None:
    """The console's cookie opens nothing here; the admin ends the session through the API."""
    cookie = member(desk.home, "carol", "admin").sign_in().cookie
    client = desk.app.test_client()
    for name in ("session", "trapline_session", "token"):
        client.set_cookie(name, cookie, domain="localhost")
    assert client.get("/me").status_code == 401
    assert client.get("/me", headers={"Authorization": f"Bearer {cookie}"}).status_code == 401
    assert client.get("/me", headers={"Authorization": f"Basic {desk.token('admin')}"}).status_code == 401
    assert client.get(f"/me?access_token={desk.token('admin')}").status_code == 401
    assert sessions.actor_of(desk.home, cookie) is not None
    assert desk.ask("admin", "DELETE", "/accounts/carol/sessions").status_code == 204
    assert sessions.actor_of(desk.home, cookie) is None


def test_no_scope_and_no_role_is_gained(desk: Desk, story: Story) -> None:
    narrow = {"Authorization": f"Bearer {desk.token('narrow', 'admin', 'tokens:manage', 'hits:read')}"}
    client = desk.app.test_client()
    assert client.get("/accounts", headers=narrow).status_code == 403
    wide = client.post("/tokens", headers=narrow, json={"name": "x", "scopes": ["accounts:change"]})
    assert wide.status_code == 422
    made = client.post("/tokens", headers=narrow, json={"name": "x"}).json
    assert made is not None
    assert made["scopes"] == ["hits:read", "tokens:manage"]
    own = desk.ask("admin", "PATCH", "/accounts/admin", json={"role": "planter", "reason": "x"})
    assert own.status_code == 403
    for extra in (
        {"owner": "someone"},
        {"account": "x"},
        {"request": "x"},
        {"id": story.others},
        {"retired_at": ""},
    ):
        assert desk.ask("planter", "POST", "/canaries", json={"kind": "url", **extra}).status_code == 422
    tag = desk.ask("planter", "GET", f"/canaries/{story.own}").headers["ETag"]
    taken = desk.ask(
        "planter", "PATCH", f"/canaries/{story.own}", json={"owner": "second"}, headers={"If-Match": tag}
    )
    assert taken.status_code == 403


def test_hostile_strings_are_data(desk: Desk, story: Story) -> None:
    for text in HOSTILE:
        _hold(desk, story, text)


def _hold(desk: Desk, story: Story, text: str) -> None:
    """In every field and every part of a path: no server error, no header split, what is kept comes back."""
    for who, method, path, body in (
        ("planter", "POST", "/canaries", {"kind": "url", "memo": text, "recipient": text[:400]}),
        ("planter", "POST", "/canaries", {"kind": text, "options": {text: text}}),
        ("analyst", "POST", f"/incidents/{story.incident}/notes", {"text": text}),
        ("analyst", "POST", f"/incidents/{story.incident}/acknowledge", {"until": text, "reason": text}),
        ("planter", "POST", "/tokens", {"name": text, "scopes": [text]}),
        ("admin", "POST", "/accounts", {"name": text, "role": text}),
        ("planter", "POST", "/canaries", {text: text}),
    ):
        answer = desk.ask(who, method, path, json=body)
        assert answer.status_code in (201, 404, 422), (path, answer.status_code, answer.text)
        assert "X-Injected" not in answer.headers
        assert ("\x1b" not in answer.text and "\u202e" not in answer.text) or answer.status_code == 201
    for path in ("/canaries", "/hits", "/incidents", "/placements", "/accounts", "/jobs", "/ledger/entries"):
        answer = desk.ask(
            "admin", "GET", f"{path}/{text[:200].replace('%', '%25').replace('#', '').replace('?', '')}"
        )
        assert answer.status_code in (404, 405), (path, answer.status_code)
    for query in ("q", "tag", "recipient", "kind", "cursor", "limit", "state"):
        answer = desk.ask("admin", "GET", "/canaries", query_string={query: text})
        assert answer.status_code in (200, 422)
    headers = {"Idempotency-Key": text.encode("ascii", "replace").decode().replace("\r\n", "")[:200]}
    assert desk.ask("planter", "POST", "/canaries", json={"kind": "url"}, headers=headers).status_code in (
        201,
        422,
    )


def test_no_refusal_repeats_a_token(desk: Desk) -> None:
    secret = f"{tokens.PREFIX}{'x' * 43}"
    answer = desk.app.test_client().get("/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert secret not in json.dumps(dict(answer.headers)) + answer.text


def test_what_python_refuses_is_a_refusal(desk: Desk) -> None:
    """Numbers of thousands of digits, times beyond the calendar, addresses that Werkzeug would correct."""
    number = b"9" * 6000
    for who, method, path, body in (
        ("planter", "POST", "/canaries", b'{"kind": ' + number + b"}"),
        ("planter", "POST", "/tokens", b'{"name": "x", "days": ' + number + b"}"),
        ("planter", "POST", "/canaries", b'{"kind": "url", "expires": "9999-12-31T23:59:59-14:00"}'),
        ("analyst", "GET", "/hits?since=0001-01-01T00:00:00%2B14:00", None),
        ("analyst", "GET", "/hits?since=9999-12-31T23:59:59-14:00", None),
        ("planter", "GET", "/canaries//x", None),
        ("", "GET", "//canaries", None),
    ):
        answer = desk.ask(who, method, path, data=body, content_type="application/json" if body else None)
        assert answer.status_code in (400, 404, 422), (path, answer.status_code)
        assert answer.mimetype == "application/problem+json"
