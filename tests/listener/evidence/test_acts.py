"""What was done, in words: one line an act, all of it in one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.evidence import acts

VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=200),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("seen", "line"),
    [
        ({"request": "command", "command": ["PUB", "alerts.send", "5"]}, "PUB alerts.send 5"),
        ({"request": "query", "query": "select  1\n from t"}, "select 1 from t"),
        ({"request": "subscribe", "topics": ["alerts/#", "a"]}, "subscribe alerts/# a"),
        ({"request": "publish", "topic": "alerts", "message": "x"}, "publish alerts"),
        ({"request": "login", "user": "app", "password": "x"}, "login"),
        ({"method": "GET", "target": "/v1/x"}, "GET /v1/x"),
        (
            {"request": "command", "command": {"listCollections": 1, "$db": "app"}},
            "listCollections 1 $db app",
        ),
        ({}, ""),
    ],
)
def test_one_act_is_one_line(seen: Any, line: str) -> None:
    assert acts.line(seen) == line


@given(st.dictionaries(st.sampled_from(["request", "command", "query", "topic", "target", "method"]), VALUES))
def test_any_observation_has_a_short_line(seen: Any) -> None:
    line = acts.line(seen)
    assert len(line) <= acts.LONGEST
    assert "\n" not in line


def test_a_summary_names_some_and_counts_all() -> None:
    lines = ["PUB a", "SELECT 1", "SELECT 1", "SELECT 1", "KEYS *", "INFO", "QUIT", ""]
    assert acts.summary(lines) == "PUB a, SELECT 1 (3 times), KEYS *, INFO and 2 more"
    assert acts.summary(["KEYS *"], 7) == "KEYS * and 7 more"
    assert acts.summary([], 2) == "2 more"
    assert acts.summary([]) == ""
