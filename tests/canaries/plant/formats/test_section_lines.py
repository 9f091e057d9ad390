"""Sections and settings: where they stand, and what continues them."""

from __future__ import annotations

import configparser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.plant.formats._section_lines import sections

WORD = st.text(alphabet="abcXYZ019_", min_size=1, max_size=6)


def test_indented_lines_continue_a_value_where_the_format_says_so() -> None:
    text = "[a]\nx = 1\n  2\ny=3\n"
    assert [one.raw for one in sections(text)[1].settings] == ["1\n2", "3"]
    assert [one.key for one in sections("[a]\nx = 1\n\ty = 2\n", folding=False)[1].settings] == ["x", "y"]


def test_a_backslash_continues_where_indents_do_not() -> None:
    (_, section) = sections("[a]\nx=1 \\\n y=2\nz=3\n", folding=False)
    assert [one.key for one in section.settings] == ["x", "z"]


def test_ends_are_those_of_the_text() -> None:
    text = "[a]\nx = 1\n\n# c\n[b]\n"
    first, second = sections(text)[1:]
    assert text[first.start : first.end] == "[a]\nx = 1"
    assert text[second.start : second.end] == "[b]"


def test_quotes_are_no_part_of_a_value() -> None:
    assert sections("a = 'b'\n")[0].settings[0].value == "b"


def test_what_is_neither_is_refused() -> None:
    with pytest.raises(ValueError, match="line 2"):
        sections("[a]\n?? !!\n")


@given(st.dictionaries(WORD, st.dictionaries(WORD.map(str.lower), WORD, max_size=3), max_size=3))
def test_it_reads_what_the_standard_library_reads(value: dict[str, dict[str, str]]) -> None:
    text = "".join(
        f"[{name}]\n" + "".join(f"{k} = {v}\n" for k, v in inner.items()) for name, inner in value.items()
    )
    parser = configparser.RawConfigParser(default_section="\0")
    parser.read_string(text)
    expected = {name: dict(parser.items(name)) for name in parser.sections()}
    assert {one.name: dict(one.pairs()) for one in sections(text) if one.name} == expected


def test_a_long_gap_before_a_word_is_looked_at_once() -> None:
    """Which of its blanks belong to the key is one question, not one for each of them."""
    with pytest.raises(ValueError, match="neither"):
        sections(" " * 50_000 + "a b", folding=False)
    entry = sections("\t a  b \t=  c ", folding=False)[0].settings[0]
    assert (entry.lead, entry.key, entry.separator, entry.raw) == ("\t ", "a  b", " \t=  ", "c ")
