"""Reasons are taken from a setting, or from a comment in sqlcommenter's form; whatever else they hold is text."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.readers.reason import LONGEST_REASON, given_reason


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"query": "SELECT 1"}, ("", "")),
        ({"query": "SELECT 1 /*reason='case%204711'*/"}, ("case 4711", "comment")),
        ({"query": "SELECT 1 /*a='b', reason='d\\'Or',z='%2F'*/;"}, ("d'Or", "comment")),
        ({"query": "/*reason='first'*/ SELECT 1 /* words */"}, ("first", "comment")),
        ({"query": "/*reason='first'*/ SELECT 1 /*reason='last'*/"}, ("last", "comment")),
        ({"query": "SELECT 1 /*reason='cut", "tail": "end /*reason='tail'*/"}, ("tail", "comment")),
        ({"query": "SELECT 1 /*reason=nothing*/"}, ("", "")),
        ({"query": "SELECT 1 /*unreason='x'*/"}, ("", "")),
        ({"reason": "setting", "query": "/*reason='comment'*/"}, ("setting", "setting")),
        ({"reason": " . ", "query": "/*reason='comment'*/"}, ("comment", "comment")),
        ({"reason": "-", "query": "/*reason='%20-%20'*/"}, ("", "")),
        ({"reason": 7, "query": ["/*reason='x'*/"]}, ("", "")),
        ({"reason": "\ud800x"}, ("?x", "setting")),
    ],
)
def test_what_is_a_reason(said: dict[str, object], reason: tuple[str, str]) -> None:
    assert given_reason(said) == reason


@given(st.text(), st.text())
def test_any_value_comes_back_and_no_text_raises(value: str, around: str) -> None:
    given_reason({"reason": None, "query": around})
    given_reason({"query": f"/*{around}'*/", "tail": around})
    escaped = quote(value.encode("utf-8", "replace"), safe="")
    found, _ = given_reason({"query": f"{around.replace('*/', '')}*/ /*reason='{escaped}'*/"})
    kept = value.encode("utf-8", "replace").decode().strip()[:LONGEST_REASON]
    assert found == (kept if any(char.isalnum() for char in kept) else "")
