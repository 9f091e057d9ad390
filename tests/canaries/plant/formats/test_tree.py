"""Trees of settings: what they say."""

from __future__ import annotations

from canaries.plant.formats._json import parse
from canaries.plant.formats._tree import made_of, reading, walk


def test_every_scalar_and_every_container_is_said() -> None:
    said = reading(parse('{"a": {"b": [1, "2"]}, "c": {}}'))
    assert said["a", "b", "0"] == ("1", False)
    assert said["a", "b", "1"] == ("2", True)
    assert said["c",] == "map"


def test_a_number_and_a_string_are_two_things() -> None:
    assert reading(parse('{"a": 1}')) != reading(parse('{"a": "1"}'))


def test_walking_meets_every_node_once() -> None:
    assert len(list(walk(parse('{"a": [1, {"b": 2}]}')))) == 5


def test_python_data_becomes_something_to_write() -> None:
    made = made_of({"a": [True, None, 1, "x"]})
    assert made.entries is not None
    items = made.entries[0][1].items
    assert items is not None
    assert [(one.text, one.raw) for one in items] == [
        ("true", True),
        ("null", True),
        ("1", True),
        ("x", False),
    ]
