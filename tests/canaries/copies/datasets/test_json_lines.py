"""JSON Lines: types, separators and empty lines stay."""

from __future__ import annotations

import pytest

from canaries.copies.datasets.json_lines import JsonLines
from canaries.core.errors import MintError


def test_separators_letters_and_types_are_the_neighbours() -> None:
    tight = JsonLines().read('{"a":1,"b":"Zo\u00eb"}\n\n{"a":2,"b":null}'.encode(), "")
    assert JsonLines().record({"a": 3, "b": "\u00e9"}, tight) == '{"a":3,"b":"\u00e9"}'.encode()
    wide = JsonLines().read(b'{"a": 1, "b": "Zo\\u00eb"}\n', "")
    assert JsonLines().record({"a": 3, "b": "\u00e9"}, wide) == b'{"a": 3, "b": "\\u00e9"}'
    assert JsonLines().record({"b": "x"}, wide) == b'{"b": "x"}'


@pytest.mark.parametrize("content", [b"", b"\n\n", b"[1]\n", b'{"a":1}\nrubbish\n'])
def test_what_is_no_object_is_refused(content: bytes) -> None:
    with pytest.raises(MintError):
        JsonLines().read(content, "")
