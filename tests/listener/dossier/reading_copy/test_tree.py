"""A report becomes a tree that holds all of its words, and nothing of what a visitor sent acts in it."""

from __future__ import annotations

import json
import re
from html import escape, unescape

from hypothesis import given
from hypothesis import strategies as st

from canaries.core.text import visible
from listener.dossier.reading_copy.tree import Node, printable, tree_of
from tests.hostile_strings import STRINGS


def words(node: Node) -> str:
    """All text of a tree, without white space."""
    if isinstance(node, str):
        return "".join(node.split())
    if node[0] == "svg":
        return ""
    return "".join(words(child) for child in node[2])


def tags(node: Node) -> set[str]:
    if isinstance(node, str):
        return set()
    return {node[0]} if node[0] == "svg" else {node[0]}.union(*(tags(child) for child in node[2]))


def test_hostile_text_stays_text() -> None:
    rows = "".join(f"<tr><th>name</th><td>{escape(visible(one))}</td></tr>\n" for one in STRINGS)
    _, body = tree_of(f"<html><body><table class='pairs'>{rows}</table></body></html>")
    assert tags(["body", [], body]) == {"body", "table", "tr", "th", "td"}
    told = "".join(f"name{printable(visible(one))}" for one in STRINGS)
    assert words(["body", [], body]) == "".join(told.split())


def test_pictures_keep_their_source_and_their_words() -> None:
    start = '<svg viewBox="0 0 9 9" aria-label="4 uses &lt;b&gt; '
    _, body = tree_of(f'<figure>{start}\u6f22"><text>&#28450;&lt;</text></svg></figure>')
    source = (
        start.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"')
        + r'\u{6F22}"><text>\u{6F22}&lt;</text></svg>'
    )
    assert body == [["figure", [], [["svg", r"4 uses <b> \u{6F22}", source]]]]


@given(st.text())
def test_what_has_no_sign_is_written_by_its_number(text: str) -> None:
    made = printable(text)
    assert re.sub(r"\\u\{([0-9A-F]+)\}", lambda found: chr(int(found[1], 16)), made) == text or "\\u{" in text
    assert not re.search("[\u0590-\u08ff\u200b-\u200f\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f]", made)


@given(st.text(st.sampled_from("<>/\"'= abdhilprstuv!&#;-x\n")))
def test_any_page_is_read(page: str) -> None:
    title, body = tree_of(page)
    json.dumps([title, body])


@given(st.lists(st.text(min_size=1)))
def test_no_word_of_a_page_is_lost(said: list[str]) -> None:
    page = "".join(f"<p class=small>{escape(visible(one))}</p>" for one in said)
    told = "".join(printable(unescape(escape(visible(one)))) for one in said)
    assert words(["body", [], tree_of(page)[1]]) == "".join(told.split())
