"""JSON values in words: nothing left out, nothing in braces."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.incidents.rendering import lines, named, phrase

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("text", "text"),
        ("", "none"),
        (None, "not known"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        ([], "none"),
        (["a", "b"], "a; b"),
        (["One sentence.", "and words", "c"], "One sentence. and words; c"),
        ({"tls": "unknown", "headers": "match"}, "tls unknown, headers match"),
        ([{"list": "IANA", "says": "loopback"}], "(list IANA, says loopback)"),
    ],
)
def test_one_line(value: Any, said: str) -> None:
    assert phrase(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([["Host", "a.example"], ["Accept", "*/*"]], ("Host: a.example", "Accept: */*")),
        ([{"in": "authorization", "token": "t"}], ("in authorization, token t",)),
        ({"sni": "a.example", "alpn": ["h2"]}, ("sni: a.example", "alpn: h2")),
        ([], ("none",)),
        ("GET", ("GET",)),
    ],
)
def test_a_line_for_each_item(value: Any, said: tuple[str, ...]) -> None:
    assert lines(value) == said


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("first_use_delay_us", 5_423_057, ("first use delay", "5.423057 s")),
        ("since_planted_us", None, ("since planted us", "not known")),
        ("shared_likely", False, ("shared likely", "no")),
    ],
)
def test_names_of_facts(name: str, value: Any, said: tuple[str, str]) -> None:
    assert named(name, value) == said


def leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for name, item in value.items() for text in (name, *leaves(item))]
    if isinstance(value, list):
        return [text for item in value for text in leaves(item)]
    return [value] if isinstance(value, str) else [str(value)] if type(value) is int else []


@given(JSON)
def test_no_text_is_lost(value: Any) -> None:
    for text in leaves(value):
        assert text in phrase(value)
        assert text in "\n".join(lines(value))
