"""Source lines: which of them stand in plain code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.plant.formats._code import Language, code_reading, lines_of

C = Language(comments=("//",), quotes="'\"", block=("/*", "*/"))
SHELL = Language(comments=("#",), quotes="'\"", raw="'", heredoc=r"<<(?P<tag>\w+)", spaced=True)
PAGE = Language(comments=("//",), quotes="'\"", embedded=True)


def code(text: str, language: Language) -> list[bool]:
    return [line.code and line.closed for line in lines_of(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("a\n/* b\nc */ d\ne", C, [True, False, False, True]),
        ("a = 'x\ny'\nb", C, [False, False, True]),
        ("a = '\\''\nb", C, [True, True]),
        ("a = '\\'\nb", SHELL, [True, True]),
        ("a // it's\nb", C, [True, True]),
        ("a#b'c'\nd # it's\ne", SHELL, [True, True, True]),
        ("cat <<E\nx\nE\ny", SHELL, [False, False, False, True]),
        ("<p>\n<?php a;\nb;\n?>\n<p>", PAGE, [False, False, True, False, False]),
        ("a && \\\nb\nc", SHELL, [False, True, True]),
    ],
)
def test_where_code_is(text: str, language: Language, expected: list[bool]) -> None:
    assert code(text, language) == expected


def test_depth_is_counted_outside_strings() -> None:
    assert [(line.depth, line.after) for line in lines_of("a(\n'('\n)\nb", C)] == [
        (0, 1),
        (1, 1),
        (1, 0),
        (0, 0),
    ]


def test_an_open_bracket_is_refused() -> None:
    with pytest.raises(ValueError, match="bracket"):
        code_reading(lines_of("a(\n", C))


@given(st.text(alphabet="ab'\"\\/*#\n ()<E", max_size=60))
def test_every_character_is_in_one_line(text: str) -> None:
    for language in (C, SHELL, PAGE):
        assert "\n".join(line.text for line in lines_of(text, language)) == text


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("const a = /[\"'](x)/g;", True),
        ("if (/'/.test(a)) b();", True),
        ("return /it's/;", True),
        ("a.replace(/[/'\"]/g, 'b')", True),
        ("const c = a / b / 'x';", True),
        ("const d = a / 'x;", False),
        ("const e = a / 'x/y';", True),
    ],
)
def test_quotes_in_a_regular_expression_are_no_quotes_and_a_division_is_none(text: str, closed: bool) -> None:
    script = Language(comments=("//",), quotes="'\"`", block=("/*", "*/"), patterns=True)
    assert lines_of(text, script)[-1].closed == closed


def test_each_line_knows_the_line_that_opened_what_is_around_it() -> None:
    lines = lines_of("a {\n}\nb {\n  c (\n    d\n  )\n  e\n}\nf", C)
    assert [line.opener for line in lines] == [-1, 0, -1, 2, 3, 3, 2, 2, -1]


def test_brackets_nested_too_deeply_are_refused() -> None:
    with pytest.raises(ValueError, match="too deeply"):
        code_reading(lines_of("(\n" * 300 + ")\n" * 300, C))
