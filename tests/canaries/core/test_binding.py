"""Binding untyped values to a dataclass: right types or a sentence, whatever comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.binding import bind
from canaries.core.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    count: int = 1
    share: float = 0.5
    on: bool = False
    names: tuple[str, ...] = ()
    way: Literal["a", "b"] = "a"
    maybe: int | None = None


def test_texts_of_the_environment_become_what_the_shape_says() -> None:
    values = {
        "name": "x",
        "count": "3",
        "share": "1.5",
        "on": "yes",
        "names": "a, b",
        "way": "b",
        "maybe": "",
    }
    assert bind(Shape, values, "here") == Shape("x", 3, 1.5, True, ("a", "b"), "b", None)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({}, "here needs setting 'name'"),
        ({"name": "x", "cuont": 1}, "no setting called 'cuont' in here"),
        ({"name": 7}, "here.name: expected a text in quotes, not a int"),
        ({"name": "x", "count": True}, "here.count: expected a number"),
        ({"name": "x", "on": "perhaps"}, "here.on: expected true or false"),
        ({"name": "x", "way": "c"}, "here.way: 'c' is none of a, b"),
        ({"name": "x", "names": 3}, "here.names: expected a list"),
    ],
)
def test_what_is_wrong_is_named(values: dict[str, object], word: str) -> None:
    with pytest.raises(SettingsError) as caught:
        bind(Shape, values, "here")
    assert word in caught.value.sentence


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(st.sampled_from(["name", "count", "share", "on", "names", "way", "maybe", "x"]), anything)
)
def test_any_values_give_a_shape_or_a_sentence(values: dict[str, object]) -> None:
    try:
        shape = bind(Shape, values, "here")
    except SettingsError:
        return
    assert isinstance(shape.name, str)
    assert type(shape.count) is int
    assert all(isinstance(name, str) for name in shape.names)
