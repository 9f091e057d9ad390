from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.incidents.briefing import (
    SEVERITIES,
    UsedCanary,
    brief,
    moment,
    place,
    rank,
    severity,
    weight,
)

NOON = "2026-11-22T12:00:00.000000Z"
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def test_f13_the_answers_in_the_order_of_the_questions() -> None:
    facts: Any = {
        "verdict": {
            "severity": "critical",
            "kind": "automated_tool",
            "reasons": ["The secret was presented.", "The client is a program."],
        },
        "network": {"asn": 64496, "organisation": "Example Net", "country": "FR"},
        "netclass": {"class": "hosting"},
    }
    told = brief(
        UsedCanary(
            kind="stripe-key",
            facet="secret",
            at=NOON,
            memo="payments",
            recipient="Ben",
            places=("/srv/site/.env", "/srv/old/.env"),
            facts=facts,
            ip="203.0.113.9",
            port=4711,
            request="GET /v1/balance",
            client="curl/8",
            incident="112d5173",
        ),
        "Europe/Paris",
    )
    assert [getattr(told, item.name) for item in fields(told)] == [
        "CRITICAL: stripe key used (payments)",
        "critical",
        "secret of the stripe key “payments”, the copy for Ben",
        "/srv/site/.env and 1 more",
        "automated tool. The secret was presented. The client is a program.",
        "203.0.113.9 port 4711 (offline data: AS64496 Example Net, FR, hosting)",
        "GET /v1/balance; client claims curl/8 (unverified)",
        "2026-11-22 12:00:00 UTC (13:00:00 Europe/Paris)",
        "trapline incident 112d5173",
    ]
    assert [label for label, _ in told.lines] == [
        "Used",
        "Where it lay",
        "Severity",
        "From",
        "What it did",
        "When",
    ]


def test_weight_is_severity_first_then_whether_a_credential_was_presented() -> None:
    low: Any = {"verdict": {"severity": "low"}}
    assert weight("path", low) < weight("secret", low) < weight("path", {}) < weight("secret", None)


@pytest.mark.parametrize(
    ("facet", "facts", "said"),
    [
        ("path", {}, "medium"),
        ("secret", None, "high"),
        ("secret", {"verdict": {"severity": "low"}}, "low"),
        ("secret", {"verdict": {"severity": "enormous"}}, "high"),
        ("secret", {"verdict": "x"}, "high"),
    ],
)
def test_severity_is_the_verdicts_or_follows_from_what_was_used(facet: str, facts: Any, said: str) -> None:
    assert severity(facet, facts) == said


def test_severities_rank_from_low_to_critical() -> None:
    assert [rank(word) for word in SEVERITIES] == [0, 1, 2, 3]
    assert rank("") == 0


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("", "2026-11-22 12:00:00 UTC"),
        ("UTC", "2026-11-22 12:00:00 UTC"),
        ("No/Where", "2026-11-22 12:00:00 UTC"),
        ("../../etc/passwd", "2026-11-22 12:00:00 UTC"),
        ("Asia/Kolkata", "2026-11-22 12:00:00 UTC (17:30:00 Asia/Kolkata)"),
        ("Pacific/Auckland", "2026-11-22 12:00:00 UTC (2026-11-23 01:00:00 Pacific/Auckland)"),
    ],
)
def test_times_are_utc_and_where_it_is_known_the_operators_too(zone: str, said: str) -> None:
    assert moment(NOON, zone) == said


def test_what_is_no_time_is_shown_as_it_is() -> None:
    assert moment("yesterday", "Europe/Paris") == "yesterday"


def test_absence_of_a_place_is_not_printed_as_knowledge() -> None:
    assert place(()) == "no place on record (planted by hand, or not planted)"
    assert brief(UsedCanary("url", "path", NOON)).source == ""


@pytest.mark.parametrize(
    ("reported", "said"),
    [
        ("", "203.0.113.9 port 4711 (offline data: AS64496)"),
        (
            "203.0.113.9, as the operator's application web reported",
            "203.0.113.9, as the operator's application web reported (offline data: AS64496)",
        ),
        ("the operator's log edge, which named no client", "the operator's log edge, which named no client"),
    ],
)
def test_what_was_reported_is_not_called_observed(reported: str, said: str) -> None:
    """And where no address was named, that of the operator's own machine is not told as the visitor's."""
    facts: Any = {"network": {"asn": 64496}}
    use = UsedCanary("url", "path", NOON, ip="203.0.113.9", port=4711, reported=reported, facts=facts)
    assert brief(use).source == said


@given(st.dictionaries(st.sampled_from(["verdict", "network", "netclass", "x"]), JUNK), st.text(max_size=9))
def test_no_fact_of_any_shape_stops_it(facts: Any, text: str) -> None:
    told = brief(UsedCanary(text, text, text, facts=facts, ip=text, request=text, client=text))
    assert told.severity in SEVERITIES
