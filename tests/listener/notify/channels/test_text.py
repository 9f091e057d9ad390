from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.notify.channels import Alert
from listener.notify.channels._text import LINES, VALUE_LIMIT, fit, inert, message, plain, utf8, utf16

BASE = Alert(id="01" * 16, event="first", at="2026-11-22T12:00:00.000000Z", kind="aws-key", canary="00aa" * 4)
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def shown(**fields: Any) -> str:
    import dataclasses

    return message(dataclasses.replace(BASE, **fields)).text


def test_headlines() -> None:
    import dataclasses

    said = {
        "first": "HIGH: aws key used (wiki)",
        "stronger": "HIGH: aws key used (wiki): now with a credential",
        "digest": "HIGH: aws key used (wiki): 1 more hit",
        "flood": "HIGH: aws key used (wiki): 1 hit of 1 new source",
        "used-in-test": "TEST: HIGH: aws key used (wiki)",
        "summary": "1 hit in 1 incident, told in one message",
        "heartbeat": "Trapline is awake: heartbeat 9",
        "test": "Trapline test alert: this channel works",
        "something-new": "Trapline: something-new",
    }
    for event, headline in said.items():
        alert = dataclasses.replace(
            BASE,
            event=event,
            memo="wiki",
            hits=1,
            sources=1,
            sequence=9,
            incidents=1,
            why="now with a credential" if event == "stronger" else "",
        )
        assert message(alert).headline == headline


@pytest.mark.parametrize("status", ["retired", "expired"])
def test_f8_retired_and_expired_are_in_the_headline(status: str) -> None:
    import dataclasses

    assert message(dataclasses.replace(BASE, status=status)).headline == f"HIGH: {status} aws key used"


def test_what_is_derived_says_so_and_the_machine_keys_stay_away() -> None:
    facts: Any = {
        "network": {
            "source": "db",
            "date": "2026-01-01",
            "asn": 64496,
            "organisation": "Example Net",
            "country": "FR",
        },
        "verdict": {
            "kind": "likely_scanner",
            "severity": "medium",
            "reasons": ["user agent", "network", "third"],
        },
        "netclass": {"class": "hosting", "evidence": [{"list": "x"}]},
        "timing": {"weekday": "Thursday"},
    }
    words = message(
        Alert(
            id="1", event="first", at="2026-11-22T12:00:00.000000Z", source="203.0.113.9", port=4, facts=facts
        )
    )
    said = dict(words.lines)
    assert said["From"] == "203.0.113.9 port 4 (offline data: AS64496 Example Net, FR, hosting)"
    assert said["Severity"] == "medium: likely scanner. user agent. network."
    assert said["Where it lay"] == "no place on record (planted by hand, or not planted)"
    assert words.severity == "medium"
    assert "Thursday" not in words.text


@given(
    st.text(max_size=400),
    st.integers(0, 300),
    st.sampled_from([len, utf16, utf8, lambda text: 10 * len(text)]),
)
def test_what_is_fitted_never_measures_more_than_its_bound(
    text: str, limit: int, size: Callable[[str], int]
) -> None:
    fitted = fit(text, limit, size)
    assert size(fitted) <= limit
    assert fitted == text or fitted == "" or text.startswith(fitted.removesuffix("…"))
    assert (fitted == text) == (size(text) <= limit)


def test_mail_and_chat_clients_find_nothing_to_link() -> None:
    assert inert("http://evil.example/a www.evil.example x@evil.example") == (
        "http[:]//evil[.]example/a www[.]evil[.]example x[@]evil[.]example"
    )
    assert inert("//.evil.example . .evil.example") == "//.evil[.]example . .evil[.]example"
    assert inert("python-requests/2.31.0 Mozilla/5.0") == "python-requests/2.31.0 Mozilla/5.0"


def test_a_hidden_file_is_named_as_it_is() -> None:
    assert inert("/srv/site/.env .netrc") == "/srv/site/.env .netrc"


@settings(deadline=None)
@given(st.text())
def test_no_text_of_a_visitor_hides_links_or_grows(text: str) -> None:
    said = inert(text)
    assert not {char for char in said if unicodedata.category(char) in HIDDEN}
    assert "://" not in said
    assert not re.search(r"\w@\w|\w\.[a-zA-Z]", said)
    assert len(said) <= VALUE_LIMIT


@settings(deadline=None)
@given(
    st.text(max_size=50),
    st.dictionaries(st.text(max_size=8), st.dictionaries(st.text(max_size=8), st.text(max_size=30))),
)
def test_no_text_of_a_visitor_gets_into_the_headline_or_makes_a_line(text: str, facts: Any) -> None:
    at = "2026-11-22T12:00:00.000000Z"
    words = message(Alert(id="1", event="first", at=at, kind="url", client=text, facts=facts, source=text))
    assert words.headline.split(": ")[1] == "url used"
    assert len(words.text.split("\n")) == len(words.lines) + 5
    assert len(words.lines) < LINES


@settings(deadline=None)
@given(
    st.recursive(
        st.text() | st.integers() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_programs_get_visible_strings_too(value: object) -> None:
    def check(found: object) -> None:
        if isinstance(found, str):
            assert not {char for char in found if unicodedata.category(char) in HIDDEN}
        for item in (
            found.items() if isinstance(found, dict) else found if isinstance(found, list | tuple) else ()
        ):
            check(item)

    check(plain(Alert(id="1", event="first", at="", facts={"x": {"y": value}})))


def test_long_values_are_clipped() -> None:
    assert len(shown(client="x" * 100_000)) < 2000
