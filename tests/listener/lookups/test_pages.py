"""Text of 80 columns, a table without formulas, a page without foreign markup: two hundred hostile strings in each."""

from __future__ import annotations

import csv
import html.parser
import io
from dataclasses import replace

from canaries.core.text import visible
from canaries.installation.home import Home
from listener.lookups import pages
from listener.lookups.listing import LookupFilter, lookups
from listener.lookups.people import PeopleMap
from listener.lookups.review import record_outcome
from tests.hostile_strings import STRINGS
from tests.look_ups import line, take_in, watch

FORMULA = tuple("=+-@\t\r")


class Tags(html.parser.HTMLParser):
    """Counts elements, and keeps text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found = list[str]()
        self.said = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)

    def handle_data(self, data: str) -> None:
        self.said += data


def made(home: Home, *, full: bool) -> pages.WeeklyReview:
    found = lookups(home, LookupFilter(), PeopleMap({}))
    week = ("2026-W48", "2026-11-23T00:00:00.000000Z", "2026-11-30T00:00:00.000000Z")
    return pages.WeeklyReview(*week, home.now(), "inspector", "An Organisation", tuple(found), full)


def test_hostile_text_is_text_in_every_form(home: Home) -> None:
    [record] = watch(home, "5", person="staff-7")
    take_in(home, line(record, reason="case 1"))
    plain = Tags(pages.review_html(made(home, full=True))).found
    rest = [
        line(record, port=number, reason=one, application=one, query=one, actor=one, began=one)
        for number, one in enumerate(text[:200] for text in STRINGS)
    ]
    take_in(home, *rest)
    review = made(home, full=True)
    assert len(review.lookups) == len(STRINGS) + 1
    record_outcome(home, [review.lookups[0].id], "fine", "<b>=1+1")
    review = made(home, full=True)
    text = pages.review_text(review)
    assert max(map(len, text.splitlines())) <= pages.WIDTH
    assert all(visible(each) == each for each in text.split("\n"))
    page = Tags(pages.review_html(review))
    assert {tag: page.found.count(tag) for tag in ("script", "img", "b", "iframe")} == dict.fromkeys(
        ("script", "img", "b", "iframe"), 0
    )
    assert set(page.found) == set(plain)
    rows = list(csv.DictReader(io.StringIO(pages.review_csv(review))))
    assert len(rows) == len(STRINGS) + 1
    assert not [value for row in rows for value in row.values() if value.startswith(FORMULA)]
    assert rows[0]["records"].endswith("threats")


def test_the_minimised_review_shows_neither_query_nor_record(home: Home) -> None:
    [record] = watch(home, "5", person="staff-7")
    take_in(home, line(record, query="SELECT secret_column"), line(record, user="clerk8", reason="case 7"))
    for write in (pages.review_text, pages.review_csv, pages.review_html):
        short, whole = write(made(home, full=False)), write(made(home, full=True))
        for word in ("secret_column", "threats", record.id[:8]):
            assert word not in short
            assert word in whole
        assert "case 7" in short
    assert "clerk7: 1 look-up, 1 without a reason, 0 reviewed" in pages.review_text(made(home, full=False))


def test_a_week_without_look_ups_says_so(home: Home) -> None:
    assert pages.review_text(made(home, full=False)).endswith("\nnone\n")
    assert "<p>None.</p>" in pages.review_html(made(home, full=False))


def test_what_programs_read_of_their_own_is_counted_and_not_listed(home: Home) -> None:
    [record] = watch(home, "5")
    take_in(home, line(record, user="nightly", application="batch"), line(record))
    found = lookups(home, LookupFilter(), PeopleMap({}, exempt=frozenset({"nightly"})))
    review = replace(made(home, full=True), lookups=tuple(found))
    text, page = pages.review_text(review), Tags(pages.review_html(review)).said
    assert "nightly: 1 look-up, 0 without a reason, 1 by programs of their own, 0 reviewed" in text
    assert "1 look-up, 0 without a reason, 1 by programs of their own" in page
    for written in (text, page):
        assert "batch" not in written
        assert "clerk7" in written
    rows = list(csv.DictReader(io.StringIO(pages.review_csv(review))))
    assert {row["user"]: row["exempt"] for row in rows} == {"nightly": "True", "clerk7": "False"}
