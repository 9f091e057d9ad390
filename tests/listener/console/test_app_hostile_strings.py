"""Two hundred hostile strings in fields of canaries, notes and requests: shown whole, as text; nothing else changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from canaries.core.text import visible
from canaries.mint import amending, catalogue
from canaries.mint.minting import mint
from listener.incidents import operator_acts, queries
from tests.hostile_strings import STRINGS

ROWS = 50
"""As many as a page of the list has: with four fields each they hold 200 strings."""


class Text(HTMLParser):
    """A page as its reader sees it: the words, the kinds of elements, the names of their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words, self.elements, self.attributes = "", list[str](), set[str]()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words += data


def shown(console: Any, path: str) -> Text:
    answer = console.get(path)
    assert answer.status_code == 200, path
    assert not [value for pair in answer.headers for value in pair if re.search(r"[\r\n\0]", value)], path
    return Text(answer.get_data(as_text=True))


def flat(text: str) -> str:
    """As HTML shows it: runs of white space are one space."""
    return " ".join(text.split())


def test_each_is_shown_whole_and_as_text(console: Any, visit: Callable[..., str]) -> None:
    assert len(STRINGS) >= 4 * ROWS
    fields = [[text[:400].strip() or "x" for text in STRINGS[start::4][:ROWS]] for start in range(4)]
    made = [one.canary.id for one in mint(console.home, "url", memo="plain", count=ROWS)]
    first = catalogue.find(console.home, made[0])
    incident = queries.one(console.home, visit(first)).incident
    plain = {path: shown(console, path) for path in ("/canaries", f"/incidents/{incident}", "/hits")}
    tagged = [catalogue.find(console.home, one) for one in made]
    for one in tagged:
        amending.amend(console.home, [one], memo="m", owner="o", recipient="r", tags=["t"])
    benign = shown(console, "/canaries")
    for one, memo, owner, recipient, tag in zip(tagged, *fields, strict=True):
        amending.amend(
            console.home,
            [one],
            memo=memo,
            owner=owner[:60],
            recipient=recipient,
            tags=[tag[:90]],
            untags=["t"],
        )
    listed = shown(console, "/canaries")
    assert listed.elements == benign.elements
    assert listed.attributes == benign.attributes
    for text in (*fields[0], *fields[2]):
        assert flat(visible(text)) in flat(listed.words), repr(text)
    for words in STRINGS[: 4 * ROWS]:
        operator_acts.note(console.home, incident, words)
    notes = shown(console, f"/incidents/{incident}")
    assert notes.attributes - plain[f"/incidents/{incident}"].attributes <= {"class", "datetime", "data-ago"}
    assert notes.elements.count("script") == 1
    for words in STRINGS[: 4 * ROWS]:
        assert flat("\n".join(visible(line) for line in words.strip().split("\n"))) in flat(notes.words), (
            repr(words)
        )
    for start in range(0, 4 * ROWS, 40):
        agent = " ".join(re.sub(r"[\r\n\0]", "", text)[:40] for text in STRINGS[start : start + 40])
        visit(first, agent=agent.encode("utf-8", "replace").decode())
    hits = shown(console, "/hits")
    assert set(hits.elements) == set(plain["/hits"].elements)
    assert hits.attributes == plain["/hits"].attributes
