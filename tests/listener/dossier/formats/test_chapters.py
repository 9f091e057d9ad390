"""The report's chapters: numbered without gaps, and tables that stay short."""

from __future__ import annotations

import re
from typing import Any

import pytest

from listener.dossier.case import Case
from listener.dossier.formats import _chapters
from listener.dossier.formats.report import Report


def test_a_chapter_that_is_left_out_leaves_no_gap() -> None:
    assert _chapters.numbers({})["derived"] == 4
    assert _chapters.numbers({"pictures": [1], "known": [1], "links": []})["derived"] == 6
    for content in ({}, {"known": [1]}, {"copies": [1], "links": [1]}):
        found = list(_chapters.numbers(content).values())
        assert found == list(range(1, len(found) + 1))


def test_the_numbers_on_the_page_are_these_and_every_reference_leads_somewhere(case: Case) -> None:
    [(_, content)] = Report().files(case)
    page = b"".join(content).decode()
    headed = [int(number) for number in re.findall(r"<h2>(\d+)\. ", page)]
    assert headed == list(range(1, len(headed) + 1))
    assert {int(number) for number in re.findall(r"[Cc]hapter (\d+)", page)} <= set(headed)
    assert re.search(r"<h2>\d+\. Who could have known</h2>", page)
    assert "Not being listed\nproves nothing. Being listed proves nothing" in page


def test_a_long_table_says_how_many_rows_it_leaves_out(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def rows(_: Any) -> list[tuple[str, str, int, str, str, str]]:
        return [("c1", "2026", index, "a log recorded", "db", "SELECT") for index in range(40)]

    monkeypatch.setattr(_chapters, "known", rows)
    (found,) = _chapters.known_canaries(case)
    assert (len(found.rows), found.more) == (6, 34)


def test_a_case_whose_canaries_were_erased_has_a_report(case: Case) -> None:
    """Nothing is known of who had them in hand, and page one refers to no chapter on it."""
    case.baits = ()
    [(_, content)] = Report().files(case)
    page = b"".join(content).decode()
    assert 'id="known"' not in page
    assert "find out who had access to that place.<" in page
