"""The wizard: from a place to bait that was planted and seen to work."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from canaries.core import clock
from canaries.mint import catalogue, suiting
from canaries.plant import placements
from listener.incidents import queries


def test_every_place_leads_to_kinds_and_every_kind_to_its_form(console: Any) -> None:
    first = console.get("/mint").get_data(as_text=True)
    for name in suiting.PLACES:
        assert f'href="/mint/{name}"' in first
        page = console.get(f"/mint/{name}").get_data(as_text=True)
        assert re.findall(rf'href="/mint/{name}/([a-z0-9-]+)"', page)
    every = console.get("/mint/any").get_data(as_text=True)
    assert len(re.findall(r'href="/mint/any/', every)) == len(suiting.every_kind())
    open_ones = [" open for it" not in one for one in every.split('href="/mint/any/')[1:]]
    assert open_ones == sorted(open_ones, reverse=True), "those for which a trap is open come first"
    some = console.get("/mint/any?words=STRIPE+key").get_data(as_text=True)
    assert re.findall(r'href="/mint/any/([a-z0-9-]+)"', some) == ["stripe-key"]
    none = console.get("/mint/any?words=<b>nothing").get_data(as_text=True)
    assert not re.findall(r'href="/mint/any/([a-z0-9-]+)"', none)
    assert "is like that" in none
    assert "<b>nothing" not in none
    assert console.get("/mint/config/stripe-key").status_code == 200
    assert console.get("/mint/moon").status_code == console.get("/mint/any/nothing").status_code == 404


def test_it_is_minted_shown_covered_and_uncovered_on_request(console: Any) -> None:
    assert console.post("/mint/config/stripe-key", {"memo": ""}).status_code == 422
    assert console.post("/mint/config/stripe-key", {"memo": "x", "expires": "never"}).status_code == 422
    answer = console.post(
        "/mint/config/stripe-key", {"memo": "shop <b>", "recipient": "Ann", "expires": "90d"}
    )
    assert answer.status_code == 303
    id_ = re.findall(r"/minted/([0-9a-f]{16})", answer.headers["Location"])[0]
    canary = catalogue.find(console.home, id_)
    assert (canary.memo, canary.recipient, bool(canary.expires_at)) == ("shop <b>", "Ann", True)
    page = console.get(answer.headers["Location"]).get_data(as_text=True)
    assert f"trapline plant {id_} /path/to/.env" in page
    assert "shop &lt;b&gt;" in page
    strong = [token.value for token in canary.tokens if not token.weak]
    assert not [value for value in strong if value in page]
    shown = console.post(f"/minted/{id_}/bait?place=config").get_data(as_text=True)
    assert strong[0] in shown
    assert console.entries("revealed")[-1].body["canary"] == id_


def test_a_test_fire_marks_its_use_and_waits_for_it(console: Any, visit: Callable[..., str]) -> None:
    answer = console.post("/mint/page/url", {"memo": "wiki"})
    id_ = re.findall(r"/minted/([0-9a-f]{16})", answer.headers["Location"])[0]
    canary = catalogue.find(console.home, id_)
    page = console.post(f"/minted/{id_}/test?place=page").get_data(as_text=True)
    assert f'data-live="/hits/stream?canary={id_}"' in page
    assert "waiting for it" in page
    assert next(token.value for token in canary.tokens if not token.weak) in page
    hit = queries.one(console.home, visit(canary))
    assert hit.facts["operator_rule"]["mark"] == "test"
    end = console.entries("setting")[-1].body["added"]["expires_at"]
    left = (clock.parse_rfc3339(end) - console.home.clock.now()).total_seconds()
    assert 0 < left <= 300


@pytest.mark.parametrize("path", ["/minted/ffffffffffffffff", "/minted/ffffffffffffffff?place=moon"])
def test_what_was_never_minted(console: Any, path: str) -> None:
    assert console.get(path).status_code == 404


def test_where_it_was_put_by_hand_is_on_record_and_shown(console: Any) -> None:
    answer = console.post("/mint/page/url", {"memo": "wiki"})
    id_ = re.findall(r"/minted/([0-9a-f]{16})", answer.headers["Location"])[0]
    assert "Paste it by hand" in console.post(f"/minted/{id_}/bait?place=page").get_data(as_text=True)
    path = f"/minted/{id_}/place?place=page"
    assert console.post(path, {"where": ""}).status_code == 422
    noted = console.post(path, {"where": "wiki: <b>runbooks</b>"})
    assert noted.status_code == 303
    assert "wiki: &lt;b&gt;runbooks&lt;/b&gt;" in console.get(noted.headers["Location"]).get_data(
        as_text=True
    )
    [placement] = placements.listing(console.home, canary=id_)
    assert (placement.target, placement.planter) == ("wiki: <b>runbooks</b>", "noted")
