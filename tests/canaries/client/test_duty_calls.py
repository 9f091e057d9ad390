"""Each request of whoever is on duty is a route of the API, with what that route takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from canaries.client.duty_calls import DutyCalls
from tests.api_routes import asked_of

ANSWER: dict[str, Any] = {
    "id": "ab" * 4,
    "mark": "own",
    "expires_at": "",
    "owner": "",
    "reason": "",
    "networks": [],
    "client": "",
    "canary": "",
    "items": [],
    "parts": [],
    "alerts": 2,
    "receipt": "taken",
}


def ask(calls: DutyCalls) -> None:
    assert calls.health() == []
    assert calls.on_duty() == []
    list(calls.rules())
    rule = calls.rule("ab" * 4)
    calls.propose_rule("ab" * 5)
    calls.add_rule("ours", networks=["192.0.2.1"])
    calls.review_rule(rule, "30d", "still")
    calls.end_rule(rule.id, "over")
    list(calls.channels())
    assert calls.try_channel("ops") == "taken"
    assert calls.retry("ops") == calls.give_up("ops", "over") == 2
    list(calls.holds())
    calls.place_hold("counsel", "2099-01-01", "claim", incident="ab" * 5)
    calls.review_hold("ab" * 16, "2099-02-01", "still")
    calls.release_hold("ab" * 16, "over")


def test_every_request_is_a_route_with_what_it_takes(tmp_path: Path) -> None:
    assert asked_of(DutyCalls, ANSWER, ask, tmp_path) == {
        *(
            "health.report",
            "duty.listing",
            "rules.listing",
            "rules.one",
            "rules.proposal",
            "rules.add",
            "rules.review",
            "rules.end",
        ),
        *("alerts.listing", "alerts.test", "alerts.retry", "alerts.give_up"),
        *("holds.listing", "holds.one", "holds.place", "holds.review", "holds.release"),
    }
