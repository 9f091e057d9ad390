"""Two hundred hostile strings in every field of every page, by a table made from the routes and from their forms.

A page that `scene` does not visit, a form that is in no page and a parameter that nobody tries fail here: who adds a
route adds it to the scene, or says below why not. What is tried: nothing fails, no header and no log line is split, and
every page afterwards has the elements that it had, with the strings as text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask

from canaries.accounts import accounts
from listener.console.pages import trail
from tests.every import in_part_and_whole
from tests.hostile_strings import STRINGS
from tests.listener.console.test_app import Markup

NO_PAGE = {
    "static": "files of the console",
    "hits.live": "a stream of JSON; tests/listener/console/test_browser.py follows it",
    "door.enter": "a link that works once, used up by the fixture",
    "door.root": "leads elsewhere",
    "ledger.checkpoint": "a download",
    "ledger.proof": "a download",
    "openid.begin": "leads elsewhere",
    "openid.back": "what a provider says is shown as test_openid.py has it",
    "passkeys.options": "JSON without words of anybody",
    "passkeys.new_options": "JSON; the name in it is an account's",
}
"""GET routes without a page of their own, and why."""
WITHOUT_FORM = {
    "accounts.enable": ("/accounts/{someone}/enable", ("reason",)),
    "alerts.give_up": ("/alerts/none/give-up", ("reason",)),
    "alerts.retry": ("/alerts/none/retry", ()),
    "alerts.test": ("/alerts/none/test", ()),
    "approvals.approve": ("/approvals/{request}/approve", ("reason",)),
    "approvals.refuse": ("/approvals/{request}/refuse", ("reason",)),
    "passkeys.register": ("/you/passkeys", ("name", "credential")),
    "passkeys.remove": ("/you/passkeys/{request}/remove", ("reason",)),
    "passkeys.signed_in": ("/sign-in/passkey", ("credential",)),
    "accounts.sign_out": ("/accounts/{someone}/sign-out", ("reason",)),
    "me.end_session": ("/you/sessions/{request}/end", ()),
    "me.make_token": ("/you/tokens", ("name", "days", "reason")),
    "me.revoke_token": ("/you/tokens/{request}/revoke", ("reason",)),
}
"""POST routes whose forms the scene does not show, with their fields."""
SLOW = {
    "door.signed_in",
    "door.accept",
    "dossiers.of_canary",
    "dossiers.of_incident",
    "incident_acts.letters",
}
"""Each takes a good part of a second: these see fewer of the strings."""
REFUSED = {"door.signed_in", "door.accept", "links.decide", "mint.placed"}
"""The first two refuse whoever has not the right code; the third decides on two incidents, and here is one; the last
notes no place of a retired canary, and a form before it retires this one (test_mint.py has a hostile place)."""
_USUAL = {"snooze": "12h"}
"""What a field takes that is no matter of words."""
_CHARACTERS, _TOGETHER = 30, 6
VALUES = [
    " ".join(text[:_CHARACTERS] for text in STRINGS[start : start + _TOGETHER])
    for start in range(0, len(STRINGS), _TOGETHER)
]
"""All strings, a few in each field at a time."""
_SOME = 3
"""So many of `VALUES` are where ``make test`` tries a part."""
PASSKEY_PAGE = "http://localhost:4711/sign-in"
"""The one link that is no path: browsers make passkeys for names."""
_RAW = re.compile("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\\x00-\\x08\\x0b-\\x1f\\x7f]")


class Form:
    """Where a form goes, which of its fields take words, and what the others hold."""

    def __init__(self, method: str, action: str) -> None:
        self.method, self.action = method, action
        self.words: list[str] = []
        self.usual: dict[str, str] = {}
        self.held: dict[str, str] = {}


class Forms(HTMLParser):
    """The forms of a page; a button that goes elsewhere is another form with the same fields."""

    def __init__(self, page: str, path: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._path, self._open, self._select, self._option = path, False, "", False
        self._elsewhere: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(given.get("method", "get"), given.get("action", self._path)))
            self._open, self._elsewhere = True, []
        if not self._open:
            return
        form, name = self.found[-1], given.get("name", "")
        if tag == "button" and "formaction" in given:
            self._elsewhere.append(given["formaction"])
        if tag == "textarea" or (tag == "input" and given.get("type", "text") in ("text", "password")):
            form.words += [name] if name not in form.words else []
            form.usual[name] = given.get("value") or _USUAL.get(name, "word" if "required" in given else "")
        elif tag == "input" and name != "csrf":
            form.held.setdefault(name, given.get("value", ""))
        elif tag == "select":
            self._select = name
            form.held[name] = ""
        elif tag == "option" and not form.held[self._select]:
            form.held[self._select] = given.get("value", "")
            self._option = "value" not in given

    def handle_data(self, data: str) -> None:
        if self._option:  # it is its own value
            self.found[-1].held[self._select] = data.strip()
            self._option = False

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
            for action in self._elsewhere:
                other = Form(self.found[-1].method, action)
                other.words, other.held = self.found[-1].words, self.found[-1].held
                other.usual = self.found[-1].usual
                self.found.append(other)


@pytest.fixture
def pages(console: Any, scene: list[str]) -> list[str]:
    """Every page there is: the scene, and the two that need no session."""
    _, code = accounts.add(console.home, "new", "planter")
    return [*scene, "/sign-in", f"/invitation/{code}"]


def endpoint(app: Flask, path: str, method: str = "GET") -> str:
    """Which route answers there."""
    found, _ = app.url_map.bind("127.0.0.1").match(urlsplit(path).path, method)
    return str(found)


def forms(console: Any, pages: list[str]) -> dict[str, Form]:
    """Route to its form; of several, the one with the most fields for words."""
    found: dict[str, Form] = {}
    for path in pages:
        for form in Forms(console.get(path).get_data(as_text=True), path).found:
            name = endpoint(console.app, form.action, form.method.upper())
            if name not in found or len(form.words) > len(found[name].words):
                found[name] = form
    return found


def submit(console: Any, form: Form, words: dict[str, str]) -> Any:
    """Send it, its other fields as they are in the page."""
    if form.method == "post":
        return console.post(form.action, form.held | words)
    return console.get(form.action, query_string=form.held | words)


def test_every_page_is_visited(console: Any, pages: list[str]) -> None:
    rules = [rule for rule in console.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    visited = {endpoint(console.app, path) for path in pages if path != "/nowhere"}
    assert {rule.endpoint for rule in rules} - visited == NO_PAGE.keys(), "add it to the scene in conftest.py"


def test_every_form_is_in_the_table(console: Any, pages: list[str]) -> None:
    rules = [rule for rule in console.app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    shown = forms(console, pages).keys()
    missing = {rule.endpoint for rule in rules} - shown - WITHOUT_FORM.keys()
    assert not missing, "show its form in the scene, or write its fields into WITHOUT_FORM"
    assert not shown & WITHOUT_FORM.keys(), "these are shown"


def some(at: int, values: list[str], count: int = _SOME) -> list[str]:
    """The part of ``values`` for what is number ``at``: thirty-four in a row see each of them first."""
    return [values[(5 * at + len(values) // count * n) % len(values)] for n in range(count)]


@in_part_and_whole
def test_every_field_takes_every_string(
    whole: bool,
    console: Any,
    pages: list[str],
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trail, "PAGE", 10_000)
    before = {path: elements(console.get(path).get_data(as_text=True)) for path in pages}
    table = forms(console, pages)
    ids = {"{someone}": "somebody", "{request}": "0" * 16}
    for name, (action, fields) in WITHOUT_FORM.items():
        table[name] = Form("post", re.sub(r"\{\w+\}", lambda one: ids[one[0]], action))
        table[name].words = list(fields)
    taken = set()
    for at, (name, form) in enumerate(table.items()):
        for given in tries(at, form, whole=whole, slow=name in SLOW):
            answer = submit(console, form, given)
            taken |= {name} if answer.status_code < 400 else set()
            inert(answer, f"{name} {given}")
    worded = {name for name, form in table.items() if form.words}
    assert worded - taken - WITHOUT_FORM.keys() == REFUSED, "the others take what they are given"
    for path in pages:
        page = inert(console.get(path), path)
        grown = elements(page) - before[path]
        assert not [one for one in grown if "script" in one or one[:2] == "on" or "img" in one], path
    assert [record.getMessage() for record in caplog.records] == []
    assert capfd.readouterr() == ("", "")


def tries(at: int, form: Form, *, whole: bool, slow: bool) -> Iterator[dict[str, str]]:
    """What is written into the fields of the form number ``at``: into all of them, and now and then into each alone,
    since a field that wants a date or an id refuses it, and the others with it."""
    values = [*VALUES[:: 12 if slow else 1]] if whole else some(at, VALUES, 1 if slow else _SOME)
    for number, value in enumerate(values if form.words else ()):
        first = VALUES.index(value)
        words = {field: VALUES[(first + n) % len(VALUES)] for n, field in enumerate(form.words)}
        yield words
        if number % 6 == 0 or slow:
            yield from (form.usual | {field: word} for field, word in words.items())


@in_part_and_whole
def test_every_parameter_of_an_address_takes_every_string(
    whole: bool, console: Any, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    for at, rule in enumerate(console.app.url_map.iter_rules()):
        if not rule.arguments or rule.endpoint == "static":
            continue
        for value in VALUES if whole else some(at, VALUES):
            path = quote(value, safe="").join(re.split(r"<[^>]+>", rule.rule))
            where = f"{rule.endpoint} {value!r}"
            inert(console.post(path) if "POST" in (rule.methods or ()) else console.get(path), where)
    names = "before", "after", "week", "state", "incident", "place", "id"
    lists = "/hits", "/incidents", "/trail", "/links", "/lookups", "/canaries", "/lookups/review"
    for at, (name, path) in enumerate(itertools.product(names, lists)):
        for value in VALUES if whole else some(at, VALUES):
            inert(console.get(path, query_string={name: value}), f"{path} {name} {value!r}")
    assert [record.getMessage() for record in caplog.records] == []
    assert capfd.readouterr() == ("", "")


def test_a_page_that_fails_says_nothing_of_what_was_sent(
    console: Any, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the address nor the error's words: both may be hostile, and a log line may be split by them."""

    def broken(id_: str) -> str:
        raise ValueError(f"of {id_}")

    broken.needs = console.app.view_functions["canaries.one"].needs  # type: ignore[attr-defined]
    console.app.view_functions["canaries.one"] = broken
    answer = console.get(f"/canaries/{quote('x' + chr(10) + '2026-01-01 ERROR forged', safe='')}")
    assert answer.status_code == 500
    assert "forged" not in inert_page(answer)
    said = capfd.readouterr().err
    assert "ValueError" in said
    assert "forged" not in said + caplog.text


def inert(answer: Any, where: str) -> str:
    """The page, if it is one: nothing failed, no header is split, no string is more than text."""
    assert answer.status_code < 500, where
    return inert_page(answer, where)


def inert_page(answer: Any, where: str = "") -> str:
    assert not [value for pair in answer.headers for value in pair if re.search(r"[\r\n\0]", value)], where
    if answer.mimetype != "text/html" or answer.status_code in (302, 303):
        answer.close()
        return ""
    page = str(answer.get_data(as_text=True))
    assert not _RAW.search(page), where
    found = Markup(page).elements
    assert [attributes["src"] for tag, attributes in found if tag == "script"] == ["/static/console.js"], (
        where
    )
    for tag, attributes in found:
        assert tag not in ("iframe", "object", "embed", "base", "plaintext", "math", "style"), where
        assert not [name for name in attributes if name.startswith("on") or name == "style"], where
        assert attributes.get("id") != "owned", where
        for name in ("src", "href", "action", "formaction"):
            value = attributes.get(name)
            own = value in (None, PASSKEY_PAGE) or re.match(r"[/#](?!/)", value or "")
            assert own, f"{where}: {name}={value}"
    return page


def elements(page: str) -> set[str]:
    """Kinds of elements, and their attributes' names."""
    return {f"{tag} {name}" for tag, attributes in Markup(page).elements for name in (*attributes, "")}
