"""Whole lines between lines."""

from __future__ import annotations

import pytest

from canaries.plant.formats._lines import after, at_end, before, commented_out, end_of_paragraph, indent_of
from canaries.plant.formats._text import Splice
from tests.canaries.plant.formats.forms import text_after


def put(text: str, splice: Splice) -> str:
    return text[: splice.at] + splice.text + text[splice.at :]


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("a\nb\n", 0, "a\nx\nb\n"),
        ("a\nb", 2, "a\nb\nx"),
        ("", 0, "x\n"),
        ("a\n", 2, "a\nx\n"),
        ("a\nb\n", 1, "a\nx\nb\n"),
    ],
)
def test_after(text: str, at: int, expected: str) -> None:
    assert put(text, after(text, at, ["x"])) == expected


def test_before() -> None:
    assert put("a\nb\n", before("a\nb\n", 2, ["x"])) == "a\nx\nb\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n", "a\nx\n"),
        ("a\n\nb\n", "a\n\nb\n\nx\n"),
        ("a\n\nb", "a\n\nb\n\nx"),
        ("\n", "\nx\n"),
        ("a\n\n", "a\n\nx\n"),
    ],
)
def test_at_the_end_a_paragraph_where_there_are_some(text: str, expected: str) -> None:
    assert put(text, at_end(text, ["x"])) == expected


def test_paragraphs_and_indents() -> None:
    assert end_of_paragraph("a\nb\n\nc", 0) == 3
    assert end_of_paragraph("a\nb", 0) == 3
    assert indent_of("a\n\t b", 4) == "\t "


@pytest.mark.parametrize(
    ("text", "at", "lines", "expected"),
    [
        ("a\n", 2, "  b\n    c\n\n  d\n", "  # b\n  #   c\n\n  # d\n"),
        ("a", 1, "\nb", "\n# b"),
        ("a\n", 2, "# b\n", "# b\n"),
        ("a b\n", 2, "c\n", None),
        ("a\n", 2, "b", None),
    ],
)
def test_an_entry_is_commented_out_line_by_line(text: str, at: int, lines: str, expected: str | None) -> None:
    made = commented_out(text, Splice(at, lines), "# ")
    assert (made.text if made else None) == expected


def test_an_old_value_is_written_as_the_items_of_its_list_are() -> None:
    text = "script:\n  - export AWS_ACCESS_KEY_ID=x\n  - make\n"
    after = text_after("bitbucket-pipelines.yml", text, "aws-key")
    made = [line for line in after.splitlines() if line not in text.splitlines()]
    assert all(line.startswith("  # - export AWS_") for line in made)


def test_an_old_value_in_a_block_is_indented_as_the_block_is() -> None:
    text = "output {\n  elasticsearch {\n    index => 'x'\n  }\n}\n"
    after = text_after("logstash.conf", text, "elasticsearch-url").splitlines()
    made = next(line for line in after if line not in text.splitlines())
    assert made.startswith("    #")
