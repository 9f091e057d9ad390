"""The rules of English in CONTRIBUTING.md, as far as a program can hold them: one law a rule, every offender listed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.house import ROOT

PLACES = (
    *("canaries/**/*.py", "listener/**/*.py", "tests/**/*.py", "tools/**/*.py"),
    *("benchmarks/**/*.py", "examples/**/*", "templates/**/*.j2", "docs/**/*.md", "*.md", "Makefile"),
)
QUOTING = {"CONTRIBUTING.md", "tests/test_english.py"}
"""They quote what is not to be written."""
LAWS = {
    "say whose: 'of ours' names nobody": r"\b(?:of|from|to) ours\b",
    "a visitor is 'they', a program 'it'": r"\b(?:[Hh]e|[Hh]im|[Hh]is|[Hh]imself|[Ss]he|[Hh]er|[Hh]ers)\b",
    "cite ARCHITECTURE's rules, not a page that is not here": r"\bDESIGN\b|\bthe study\b|evidence study|\bSTYLE\.md\b",
    "bait is in its place, it does not lie": r"\bbait (?:lies|lay)\b",
}


def lines() -> Iterator[tuple[str, str]]:
    """Every line of source and page, with where it stands."""
    for pattern in PLACES:
        for path in sorted(ROOT.glob(pattern)):
            name = str(path.relative_to(ROOT))
            if path.is_file() and path.suffix != ".zip" and name not in QUOTING and "__pycache__" not in name:
                text = path.read_text("utf-8", errors="replace")
                yield from ((f"{name}:{number}", line) for number, line in enumerate(text.splitlines(), 1))


LINES = list(lines())


def offenders(pattern: str) -> list[str]:
    return [f"{place}: {line.strip()}" for place, line in LINES if re.search(pattern, line)]


@pytest.mark.parametrize("law", LAWS)
def test_what_is_not_written(law: str) -> None:
    assert len(LINES) > 10_000
    assert not offenders(LAWS[law]), law


@pytest.mark.parametrize(
    ("law", "line"),
    list(zip(LAWS, ("a host of ours", "what he sent", "DESIGN rule 7", "where bait lies"), strict=True)),
)
def test_each_law_finds_its_example(law: str, line: str) -> None:
    assert re.search(LAWS[law], line)
