"""docs/regressions.md: every finding has its row, and every test that a row names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "regressions.md"
ROW = re.compile(r"^\| ([FO]\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)
NUMBERS = {
    "for the first time": [f"F{n}" for n in range(1, 17)],
    "at scale": [f"O{n}" for n in range(1, 21)],
    "bug reports": [f"F{n}" for n in range(1, 13) if n not in (4, 9, 10)],  # numbers that were never given
}


def sections() -> list[str]:
    return PAGE.read_text().split("\n## ")[1:]


@pytest.mark.parametrize("title", NUMBERS)
def test_every_finding_has_its_row(title: str) -> None:
    section = next(one for one in sections() if title in one.splitlines()[0])
    assert [number for number, _, _ in ROW.findall(section)] == NUMBERS[title]


def test_every_row_names_a_test_that_exists() -> None:
    for number, _, cell in ROW.findall(PAGE.read_text()):
        named = re.findall(r"`(tests/[\w/.]+\.py)(?:::(test_\w+))?`", cell)
        assert named, number
        for path, name in named:
            text = (ROOT / path).read_text()
            assert not name or re.search(rf"^ *(async )?def {name}\(", text, re.MULTILINE), (number, name)
