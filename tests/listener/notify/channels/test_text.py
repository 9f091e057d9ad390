from __future__ import annotations

import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from listener.notify.channels import Alert
from listener.notify.channels._text import VALUE_LIMIT, inert, message, plain

BASE = Alert(id="01" * 16, event="first", at="2026-11-22T12:00:00.000000Z", kind="aws-key", canary="00aa" * 4)
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def shown(**fields: object) -> str:
    import dataclasses

    return message(dataclasses.replace(BASE, **fields)).text


def test_headlines() -> None:
    import dataclasses

    said = {
        "first": "A canary was used: aws-key (wiki)",
        "digest": "1 more hit of a known source: aws-key (wiki)",
        "flood": "1 hit of 1 new source: aws-key (wiki)",
        "heartbeat": "Trapline is awake: heartbeat 9",
        "test": "Trapline test alert: this channel works",
        "something-new": "Trapline: something-new",
    }
    for event, headline in said.items():
        alert = dataclasses.replace(BASE, event=event, memo="wiki", hits=1, sources=1, sequence=9)
        assert message(alert).headline == headline
    many = dataclasses.replace(BASE, event="flood", hits=9000, sources=800)
    assert message(many).headline == "9000 hits of 800 new sources: aws-key"


def test_observed_and_derived_stand_apart() -> None:
    facts = {
        "network": {"source": "db", "date": "2026-01-01", "asn": 64496, "organisation": "Example Net"},
        "verdict": {"kind": "likely_scanner", "reasons": ["user agent", "network"]},
        "timing": {"first_use": True, "since_minted_us": 6_400_022, "checks": {"tls": "unknown"}},
        "netclass": {"class": "hosting", "evidence": [{"list": "x"}]},
        "nothing": {"source": "db"},
    }
    words = message(Alert(id="1", event="first", at="", source="203.0.113.9", port=4, facts=facts))
    assert dict(words.observed) == {"Source": "203.0.113.9", "Source port": "4", "Alert": "1"}
    assert dict(words.derived) == {
        "network": "asn 64496, organisation Example Net",
        "verdict": "kind likely_scanner, reasons user agent; network",
        "timing": "first use yes, since minted 6.4 s",
        "netclass": "class hosting",
    }
    assert (
        words.text.index("203.0.113.9")
        < words.text.index("Derived, not observed:")
        < words.text.index("64496")
    )


def test_mail_and_chat_clients_find_nothing_to_link() -> None:
    assert inert("http://evil.example/a www.evil.example x@evil.example") == (
        "http[:]//evil[.]example/a www[.]evil[.]example x[@]evil[.]example"
    )
    assert inert("python-requests/2.31.0 Mozilla/5.0") == "python-requests/2.31.0 Mozilla/5.0"


@settings(deadline=None)
@given(st.text())
def test_no_text_of_a_visitor_hides_links_or_grows(text: str) -> None:
    said = inert(text)
    assert not {char for char in said if unicodedata.category(char) in HIDDEN}
    assert "://" not in said
    assert not re.search(r"\w@\w|\w\.[a-zA-Z]", said)
    assert len(said) <= VALUE_LIMIT * 12


@settings(deadline=None)
@given(
    st.text(max_size=50),
    st.dictionaries(st.text(max_size=8), st.dictionaries(st.text(max_size=8), st.text(max_size=30))),
)
def test_no_text_of_a_visitor_gets_into_the_headline_or_makes_a_line(
    text: str, facts: dict[str, dict[str, str]]
) -> None:
    words = message(Alert(id="1", event="first", at="", kind="url", client=text, facts=facts, source=text))
    assert words.headline == "A canary was used: url"
    lines = words.text.split("\n")
    assert len(lines) == len(words.observed) + len(words.derived) + (7 if words.derived else 5)


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
