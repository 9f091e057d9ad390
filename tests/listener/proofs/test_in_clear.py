"""What is meant as a login counts, and nothing else that looks like a secret."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.proofs.in_clear import secrets_in_clear


@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        ({"user": "a", "password": "x"}, ["x"]),
        ({"password": ""}, []),
        ({"token": "t"}, ["t"]),
        ({"user": "a", "token": "t"}, []),
        ({"credentials": [{"scheme": "basic", "user": "a", "password": "x"}]}, ["x"]),
        ({"credentials": [{"scheme": "bearer", "token": "x"}]}, ["x"]),
        ({"credentials": [{"scheme": "header", "in": "x-vault-token", "token": "x"}]}, ["x"]),
        ({"credentials": [{"scheme": "header", "in": "x-csrf-token", "token": "x"}]}, []),
        ({"credentials": [{"scheme": "digest", "response": "x"}]}, []),
        ({"query": [("password", "x"), ("q", "y")], "form": [("client_secret", "z")]}, ["x", "z"]),
    ],
)
def test_what_is_a_secret(seen: dict[str, Any], wanted: list[str]) -> None:
    assert secrets_in_clear(seen) == wanted


_ANY = st.recursive(
    st.none() | st.text() | st.integers(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)
)


@given(st.dictionaries(st.sampled_from(["password", "token", "credentials", "query", "form", "json"]), _ANY))
def test_nothing_hostile_raises(seen: dict[str, Any]) -> None:
    assert all(secrets_in_clear(seen))
