"""JSON as MySQL tells it. What MariaDB says the same of is held beside it; here what only MySQL 8 says, and bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.mysql_functions import MysqlCallError, called
from listener.protocol.mysql_json import FUNCTIONS


@pytest.mark.parametrize(
    ("name", "arguments", "number"),
    [
        ("json_extract", ('{"a": ', "$.a"), 3141),
        ("json_extract", ("[" * 200 + "]" * 200, "$"), 3157),
        ("json_extract", ("[" * 30_000, "$"), 3157),
        ("json_extract", ("{}", "a"), 3143),
        ("json_extract", ("{}", "$.a["), 3143),
        ("json_keys", ("", "$"), 3141),
    ],
)
def test_what_is_no_document_or_no_path_is_refused(
    name: str, arguments: tuple[str, ...], number: int
) -> None:
    with pytest.raises(MysqlCallError) as refused:
        called(name, arguments, FUNCTIONS)
    assert refused.value.number == number


def test_documents_are_told_in_one_form() -> None:
    assert called("json_extract", ('{"a":{"b":[1,2.5,"x",null,true]}}', "$.a"), FUNCTIONS) == (
        '{"b": [1, 2.5, "x", null, true]}'
    )
    assert called("json_extract", ('{"a b": 1}', '$."a b"'), FUNCTIONS) == "1"
    assert called("json_extract", ("[1, 2]", "$.*"), FUNCTIONS) is None


@given(name=st.sampled_from(sorted(FUNCTIONS)), document=st.text(max_size=40), path=st.text(max_size=20))
def test_any_words_are_a_value_or_refused(name: str, document: str, path: str) -> None:
    for arguments in ((document,), (document, f"${path}"), (f'{{"a": "{document}"}}', f"$.a{path}")):
        try:
            found = called(name, arguments, FUNCTIONS)
        except MysqlCallError:
            continue
        assert found is None or isinstance(found, str | int)
