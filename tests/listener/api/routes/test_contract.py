"""Every route with every role, on one's own object and on another's: made from the code, so that none is left out."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule as UrlRule

from canaries.accounts import accounts, approvals, tokens
from canaries.accounts.permissions import ROLES, Permission, Reach, actor
from canaries.mint import catalogue
from canaries.operators import holds
from listener.api.guard import rule_of
from listener.incidents import queries
from listener.lookups import browsing
from listener.lookups.listing import LookupFilter
from listener.notify import rules
from tests.every import in_part_and_whole
from tests.listener.api.conftest import Desk, Story
from tests.look_ups import line, take_in, watch

WHY = {"reason": "a test"}
LATER = "2099-01-01T00:00:00.000000Z"
BODIES: dict[str, Any] = {
    "accounts.add": {"name": "x{role}", "role": "planter"},
    "accounts.change": {"disabled": False, **WHY},
    "accounts.reset": WHY,
    "approvals.approve": WHY,
    "approvals.refuse": WHY,
    "accounts.make_token": {"name": "another"},
    "alerts.give_up": WHY,
    "minting.mint": {"kind": "url"},
    "minting.bulk": b'{"kind": "url", "count": 2}\n',
    "canaries.amend": {"memo": "changed by {role}"},
    "canaries.retire": WHY,
    "canaries.reveal": WHY,
    "dossiers.build": {"incident": "{incident}", **WHY},
    "hits.raw": WHY,
    "incidents.note": {"text": "a note"},
    "incidents.assess": {"statement": "so it is", "likelihood": "likely", "confidence": "low"},
    "incidents.acknowledge": WHY,
    "incidents.change": {"state": "open", **WHY},
    "explanations.rate": {"hypothesis": "own", "likelihood": "likely"},
    "regrouping.split": {"hits": ["{hit}"], **WHY},
    "regrouping.merge": {"incident": "{other}", **WHY},
    "rules.add": {"networks": ["192.0.2.0/24"], **WHY},
    "rules.review": {"lasting": "30d", **WHY},
    "rules.end": WHY,
    "test_fires.start": {},
    "holds.place": {"canary": "{canary}", "owner": "counsel", "until": "2099-01-01", **WHY},
    "holds.review": {"until": "2099-02-01", **WHY},
    "holds.release": WHY,
    "placements.note": {"target": "build server, ~/.aws/credentials of {role}"},
    "lookups.full": WHY,
    "lookups.reviewed": {"lookups": ["{lookup}"], "outcome": "fine", **WHY},
    "links.decide": {"incidents": ["{incident}", "{earlier}"], "decision": "rejected", **WHY},
    "scans.scan": b"nothing in it",
}
QUERIES = {"ledger.consistency": {"first": 1, "second": 1}}
OWNED = {
    "canaries.one": "canary",
    "canaries.amend": "canary",
    "canaries.retire": "canary",
    "canaries.reveal": "canary",
    "test_fires.start": "canary",
    "placements.one": "placement",
    "placements.note": "canary",
    "accounts.revoke_token": "token",
    "jobs.one": "job",
    "jobs.file": "job",
}
"""Routes about one object that belongs to somebody."""
PLANTER = {
    *("accounts.me", "accounts.token_listing", "accounts.make_token", "accounts.revoke_token"),
    *(
        "minting.kinds",
        "minting.mint",
        "minting.bulk",
        "canaries.listing",
        "canaries.one",
        "canaries.amend",
    ),
    *(
        "canaries.retire",
        "canaries.reveal",
        "placements.listing",
        "placements.one",
        "placements.note",
        "test_fires.start",
        "jobs.listing",
        "jobs.one",
    ),
}
"""All that a planter may: written by hand, beside the table in the code."""
AUDITOR_WRITES = {"accounts.make_token", "accounts.revoke_token", "ledger.verify"}
"""All requests of an auditor that are no GET: tokens of their own, and a job that reads."""


UNCONDITIONAL = {"accounts.change"}
"""What is changed without having been read: an account is disabled at once, whatever it was before."""


@pytest.fixture
def story(desk: Desk, story: Story, strike: Callable[..., str]) -> Story:
    """With an earlier incident, which a link can lead to, and a look-up of a watched record."""
    take_in(desk.home, line(watch(desk.home, "5")[0]))
    [lookup] = browsing.page(desk.home, LookupFilter()).found
    canary = catalogue.find(desk.home, story.own)
    earlier = strike(desk.home, canary, ip="192.0.2.9", at="2026-10-01T12:00:00.000000Z")

    def fresh() -> tuple[str, str, str]:
        pair = [catalogue.find(desk.home, desk.mint("admin")["id"]) for _ in range(2)]
        hits = [strike(desk.home, one, ip=f"198.51.100.{next(addresses)}") for one in (*pair, pair[0])]
        found = [queries.one(desk.home, one).incident for one in hits]
        return found[0], hits[0], found[1]

    addresses = itertools.count(1)
    return replace(story, earlier=queries.one(desk.home, earlier).incident, lookup=lookup.id, fresh=fresh)


def routes(app: Flask) -> Iterator[tuple[UrlRule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def undeclared(app: Flask) -> list[str]:
    return [rule.endpoint for rule, _ in routes(app) if rule_of(app.view_functions[rule.endpoint]) is None]


def test_every_route_declares_what_it_needs(desk: Desk) -> None:
    assert not undeclared(desk.app)
    views = {rule.rule: rule_of(desk.app.view_functions[rule.endpoint]) for rule, _ in routes(desk.app)}
    opened = {path for path, declared in views.items() if declared is not None and declared.open}
    assert opened == {"/openapi.json", "/docs", "/docs.css"}


def test_what_two_people_may_edit_is_edited_by_who_saw_it(desk: Desk) -> None:
    for rule, method in routes(desk.app):
        if method == "PATCH" and rule.endpoint not in UNCONDITIONAL:
            declared = rule_of(desk.app.view_functions[rule.endpoint])
            assert declared is not None
            assert declared.conditional, f"{rule.endpoint} changes something and declares no If-Match"


def test_a_route_that_declares_nothing_is_found_and_not_served(desk: Desk) -> None:
    desk.app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert undeclared(desk.app) == ["forgotten"]
    answer = desk.ask("admin", "GET", "/forgotten")
    assert answer.status_code == 500
    assert "secret" not in answer.text


def test_the_lists_by_hand_are_those_of_the_table(desk: Desk) -> None:
    may: dict[str, set[str]] = {"planter": set(), "auditor": set()}
    for rule, method in routes(desk.app):
        declared = rule_of(desk.app.view_functions[rule.endpoint])
        assert declared is not None
        for role, found in may.items():
            allowed = not declared.open and (declared.needs is None or declared.needs in ROLES[role])
            if allowed and (role == "planter" or method != "GET"):
                found.add(rule.endpoint)
    assert may == {"planter": PLANTER, "auditor": AUDITOR_WRITES}


@pytest.mark.parametrize("role", sorted(ROLES))
@in_part_and_whole
def test_role_by_route_by_whose_object(whole: bool, desk: Desk, story: Story, role: str) -> None:
    """In part, what belongs to nobody is asked for once."""
    desk.token(role)
    for rule, method in routes(desk.app):
        declared = rule_of(desk.app.view_functions[rule.endpoint])
        assert declared is not None
        if declared.open:
            continue
        for whose in ("own", "others") if whole or rule.endpoint in OWNED else ("others",):
            answer = ask(desk, story, rule, method, role, whose)
            reach = ROLES[role].get(declared.needs) if declared.needs else None
            hidden = whose == "others" and rule.endpoint in OWNED and reach is Reach.OWN
            where = f"{role} {method} {rule.rule} ({whose}): {answer.status_code} {answer.text[:300]}"
            if declared.needs is not None and declared.needs not in ROLES[role]:
                assert answer.status_code == 403, where
            elif hidden or rule.endpoint == "jobs.file":  # of a job that made no file
                assert answer.status_code == 404, where
            else:
                assert answer.status_code not in (400, 401, 403, 404, 405, 415, 422, 500, 503), where
        bare = desk.app.test_client().open(path_of(desk, story, rule, role, "own"), method=method)
        assert bare.status_code == 401, f"{method} {rule.rule} without a token: {bare.status_code}"


def path_of(desk: Desk, story: Story, rule: UrlRule, role: str, whose: str) -> str:
    thing = OWNED.get(rule.endpoint, "")
    mine = whose == "own"
    if rule.endpoint.startswith("regrouping"):  # each takes hits away from what is there
        id_, story.moved, story.other = story.fresh()
    elif rule.endpoint in ("rules.one", "rules.review", "rules.end"):
        id_ = rules.add(desk.home, "own", expires_at=LATER, reason="ours", networks=["192.0.2.1"]).id
    elif rule.endpoint in ("holds.one", "holds.review", "holds.release"):
        held = desk.mint("admin")["id"]
        id_ = holds.place(desk.home, "canary", held, owner="o", reason="r", review=date(2098, 1, 1)).id
    elif rule.endpoint == "placements.note":  # those of the story may have been retired by now
        id_ = desk.mint(role if mine and role != "auditor" else {"analyst": "admin"}.get(role, "analyst"))[
            "id"
        ]
    elif thing == "canary":
        id_ = (story.own if role == "planter" else story.others) if mine else story.others
    elif thing == "placement":
        id_ = story.own_place if mine else story.others_place
    elif thing == "token":
        account = accounts.find(desk.home, role if mine else "second")
        id_ = tokens.create(desk.home, account, "to revoke", ["tokens:manage"])[0].id
    elif thing == "job":
        account_id = accounts.find(desk.home, role if mine else "second").id
        jobs = desk.app.extensions["trapline-api"].jobs
        jobs.close()
        id_ = jobs.start("test", account_id, Permission.JOBS, lambda job: None).id
    elif rule.endpoint in ("approvals.approve", "approvals.refuse"):
        someone = accounts.find(desk.home, "second")
        id_ = approvals.ask(desk.home, actor(someone.id, "second", "admin"), "raw", f"hit {story.hit}", "why")
    else:
        known = {
            "hits": story.hit,
            "incidents": story.incident,
            "ledger": story.entry,
            "lookups": story.lookup,
            "explanations": story.incident,
            "rules": story.incident,
        }
        id_ = known.get(rule.endpoint.partition(".")[0], "")
    return rule.rule.replace("<string:id_>", id_).replace(
        "<string:name>", "ops" if rule.endpoint.startswith("alerts") else "second"
    )


def ask(desk: Desk, story: Story, rule: UrlRule, method: str, role: str, whose: str) -> Any:
    path = path_of(desk, story, rule, role, whose)
    declared = rule_of(desk.app.view_functions[rule.endpoint])
    assert declared is not None
    headers = {"Idempotency-Key": f"{rule.endpoint}-{role}-{whose}"}
    options: dict[str, Any] = {"query_string": QUERIES.get(rule.endpoint, {})}
    if declared.conditional:
        read = path if method == "PATCH" else path.rpartition("/")[0]
        headers["If-Match"] = desk.ask("admin", "GET", read).headers.get("ETag", '"none"')
    if declared.takes:
        assert rule.endpoint in BODIES, f"{rule.endpoint} takes a body: write one into BODIES"
        body = BODIES[rule.endpoint]
        if isinstance(body, dict):
            text = json.dumps(body).replace("{role}", f"{role}{whose}").replace("{incident}", story.incident)
            text = text.replace("{earlier}", story.earlier).replace("{lookup}", story.lookup)
            text = text.replace("{hit}", story.moved).replace("{other}", story.other)
            text = text.replace("{canary}", desk.mint("admin")["id"]) if "{canary}" in text else text
            options["json"] = json.loads(text)
        else:
            options |= {"data": body, "content_type": declared.takes}
    return desk.ask(role, method, path, headers=headers, **options)
