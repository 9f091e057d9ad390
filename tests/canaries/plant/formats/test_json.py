"""JSON in its three sorts: read, and written with the commas and the indentation of its neighbours."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.errors import PlantError
from canaries.plant.formats._json import is_strict, parse
from canaries.plant.formats._tree import Node
from tests.canaries.plant.formats.forms import text_after

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


def plain(node: Node) -> object:
    if node.sort == "map":
        return {key: plain(value) for key, _, value in node.entries}
    if node.sort == "list":
        return [plain(item) for item in node.items]
    return node.text if node.quote else json.loads(node.text)


@given(VALUES, st.sampled_from([None, 2, "\t"]))
def test_it_reads_what_the_standard_library_reads(value: object, indent: int | str | None) -> None:
    text = json.dumps(value, indent=indent)
    assert plain(parse(text)) == json.loads(text)


@pytest.mark.parametrize("text", ["", "{", "[1,,2]", "{a b}", '{"a" 1}', "[1] 2", '"\n"', "[" * 300])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"JSON|deeply"):
        parse(text)


def test_comments_trailing_commas_and_bare_names_are_read() -> None:
    root = parse("// x\n{ a: 'b', /* y */ \"c\": [1, 2,], }")
    assert [key for key, _, _ in root.entries] == ["a", "c"]
    assert not is_strict("{a: 1}")


def test_strict_json_takes_no_comment() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("a.json", '{"a": 1}', "stripe-key", manner="comment")
    with pytest.raises(PlantError, match="no place"):
        text_after("a.json", '{"a": 1}', "stripe-key")


def test_one_line_stays_one_line_and_tabs_stay_tabs() -> None:
    assert "\n" not in text_after("a.json", '{"API_KEY": "x", "B_URL": "y"}', "stripe-key")
    assert '\n\t\t"' in text_after("a.json", '{\n\t"env": {\n\t\t"A": "b"\n\t}\n}', "stripe-key")


def test_a_comment_behind_the_last_entry_stays_behind_it() -> None:
    old = '{\n  "env": {\n    "A": "b" // the last\n  }\n}\n'
    assert '"A": "b" // the last\n' in text_after("a.jsonc", old, "stripe-key")


def test_another_host_is_named_after_the_baits_host() -> None:
    old = '{"http-basic": {"repo.example.org": {"username": "u", "password": "p"}}}'
    held = json.loads(text_after("auth.json", old, "netrc"))["http-basic"]
    assert len(held) == 2
    assert all("." in host for host in held)


def test_a_connection_string_gets_a_brother() -> None:
    old = '{"ConnectionStrings": {"Main": "Server=db;Database=a;User Id=b;Password=real"}}'
    held = json.loads(text_after("appsettings.json", old, "mssql-url"))["ConnectionStrings"]
    (name,) = set(held) - {"Main"}
    assert name.startswith("Main")
    assert "real" not in held[name]


def test_what_a_program_wrote_without_a_blank_gets_none() -> None:
    """A Postman environment, as it is exported."""
    old = '{"name":"dev","values":[{"key":"base_url","value":"https://a.acme.org","enabled":true},'
    old += '{"key":"api_key","value":"real","type":"secret","enabled":true}]}'
    after = text_after("dev.postman_environment.json", old, "stripe-key")
    assert json.dumps(json.loads(after), separators=(",", ":"), ensure_ascii=False) == after
    assert len(json.loads(after)["values"]) > 2
