"""A query gets the fields it asks for, and nothing that it does not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.personas._graphql import filled

KNOWN = {"viewer": {"login": "ann", "id": "U_1", "plan": {"name": "free"}}}


def asked(query: str, **more: Any) -> Any:
    return filled(json.dumps({"query": query, **more}).encode(), KNOWN)


@pytest.mark.parametrize(
    ("query", "data"),
    [
        ("{ viewer { login } }", {"viewer": {"login": "ann"}}),
        ("query { me: viewer { name: login, id } }", {"me": {"name": "ann", "id": "U_1"}}),
        ("query Q($n: Int = 3) { viewer { plan { name } } }", {"viewer": {"plan": {"name": "free"}}}),
        (
            '{ viewer { repositories(first: 3, q: "a) {") { totalCount nodes { id } pageInfo { hasNextPage } } } }',
            {"viewer": {"repositories": {"totalCount": 0, "nodes": [], "pageInfo": {"hasNextPage": False}}}},
        ),
        (
            "{ ...F } fragment F on Query { viewer { ...G } } fragment G on User { login }",
            {"viewer": {"login": "ann"}},
        ),
        ("{ viewer { ... on User @include(if: true) { login } } }", {"viewer": {"login": "ann"}}),
        (
            "{ __typename # what\n viewer @skip(if: false) { login } }",
            {"__typename": None, "viewer": {"login": "ann"}},
        ),
    ],
)
def test_the_fields_asked_for(query: str, data: dict[str, Any]) -> None:
    assert asked(query).data == data
    assert not asked(query).problem


def test_what_is_not_there_is_named() -> None:
    assert asked('{ repository(owner: "a") { id } viewer { id } }').missing == ("repository",)


def test_the_operation_that_is_named_is_the_one() -> None:
    both = "query A { viewer { login } } mutation B { viewer { id } }"
    assert not asked(both).mutates
    assert asked(both, operationName="B").mutates
    assert asked(both, operationName="B").data == {"viewer": {"id": "U_1"}}


def test_a_form_is_read_too() -> None:
    assert filled(b"query=%7Bviewer%7Blogin%7D%7D", KNOWN).data == {"viewer": {"login": "ann"}}


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"query":3}', b'{"query":"{"}', b'{"query":"} x"}', b"query="]
)
def test_what_is_no_query_is_told_so(body: bytes) -> None:
    assert filled(body, KNOWN).problem.startswith("Syntax Error")


def test_depth_fragments_of_themselves_and_length_have_ends() -> None:
    assert asked("{a" * 200 + "}" * 200).problem
    assert asked("{ a " * 5000).problem
    assert asked("{ ...F } fragment F on Q { ...F viewer { login } }").data["viewer"] == {"login": "ann"}


@given(st.text('{}()[]:.,!$@ aviewerqfragmenton"#\n', max_size=80))
def test_rubbish_is_answered(query: str) -> None:
    assert isinstance(asked(query).data, dict)
