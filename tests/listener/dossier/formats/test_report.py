"""The report: three chapters apart, hostile text inert, nothing loaded, nobody named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from canaries.core import plugins
from listener.dossier.case import Case
from listener.dossier.formats import FOLDER, Content, Format
from listener.dossier.formats.report import Report
from listener.dossier.versions import VERSIONS
from listener.incidents.hypotheses import HYPOTHESES
from tests import chromium


@pytest.fixture
def page(case: Case) -> str:
    """The report on the incident."""
    [(name, content)] = Report().files(case)
    assert name == "report.html"
    return b"".join(content).decode()


class Elements(HTMLParser):
    """Every element with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def chapter(page: str, name: str) -> str:
    return page.split(f'id="{name}"')[1].split("</section>")[0]


def test_it_loads_nothing_and_runs_nothing(page: str) -> None:
    elements = Elements(page).found
    assert not {"script", "img", "link", "iframe", "object", "a", "form"} & {tag for tag, _ in elements}
    assert not [
        name
        for _, attributes in elements
        for name in attributes
        if name.startswith("on") or name in ("src", "href")
    ]
    assert "default-src 'none'" in page
    assert not re.search(r"url\(|@import", page)


def test_hostile_text_is_visible_and_inert(page: str) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page
    assert "\\u202e" in page
    assert "\u202e" not in page


def test_no_word_is_too_long_for_the_page(page: str, tmp_path: Path) -> None:
    """Wherever hostile text stands; phones show a page without a viewport of its own at 980 pixels."""
    hostile = "&lt;script&gt;alert(1)&lt;/script&gt;"
    assert hostile in page
    (tmp_path / "report.html").write_text(page.replace(hostile, "W" * 400), encoding="utf-8")
    with chromium.opened(tmp_path) as browser:
        browser.get((tmp_path / "report.html").as_uri())
        for width in (980, 1400):
            chromium.look(browser, width)
            wide = browser.execute_script("return document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, width


def test_observed_derived_and_assessed_are_apart(page: str) -> None:
    observed, derived, assessed = (chapter(page, name) for name in ("observed", "derived", "assessed"))
    assert "source port 40001" in observed
    assert "64500" in derived
    assert "64500" not in observed
    assert "test-db of 2026-11-01" in derived, "each fact names its source and date"
    assert "dns" in derived
    for words in ("the file was read by an unauthorised person", "55-80 %", "a note ", "carol"):
        assert words in assessed
        if words != "carol":
            assert words not in observed + derived


def test_every_competing_explanation_is_listed(page: str) -> None:
    assert len(HYPOTHESES) == 18
    for item in HYPOTHESES:
        assert item.explanation.replace("'", "&#39;") in page
        assert item.check.replace("'", "&#39;") in page


def test_the_limits_are_printed(page: str) -> None:
    for sentence in (
        "An IP address is not a person and not a place",
        "no time stamp of a third party",
        "The order of the log is the order of sealing",
        "Only the peer of a connection is observed",
    ):
        assert sentence in page


def test_the_machine_names_no_person_and_no_attacker(page: str) -> None:
    assert "203.0.113.1 port 40001" in chapter(page, "observed")
    assert not re.search(r"attacker|intruder|culprit|suspect|hacker|criminal", page, re.IGNORECASE)


def test_a_key_event_has_its_bytes_and_its_place_between_checkpoints(page: str) -> None:
    observed = chapter(page, "observed")
    assert "000000  47 45 54 20 2f 30 2f 78" in observed
    assert "after the checkpoint of 3 entries" in observed
    assert "before the checkpoint of 9 entries" in observed
    assert "estimated error 12 µs" in observed


def test_tls_facts_are_on_the_sheet(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the handshake said is observed, and hostile like the rest."""
    event = next(case.events())
    event.hit.body["tls"] = {"version": "TLSv1.3", "sni": "a\u202eb<i>", "alpn": "", "hello": "16030100"}
    monkeypatch.setattr(case, "events", lambda: iter([event]))
    [(_, content)] = Report().files(case)
    page = b"".join(content).decode()
    assert "version TLSv1.3" in page
    assert "sni a\\u202eb&lt;i&gt;" in page


def test_it_begins_with_what_it_shows_and_what_not(page: str) -> None:
    brief = " ".join(chapter(page, "brief").split())
    for question in (
        "What was used, and where it had lain",
        "How grave, by rule",
        "From where",
        "When",
        "How sure",
        "What to do now",
        "Until",
    ):
        assert f"<th>{question}</th>" in brief
    assert "3 uses of 1 canary" in brief
    assert "Connections from 3 addresses" in brief
    assert "AS64500" in brief
    assert "/srv, put there" in brief
    assert "synchronised for 3 of 3 events" in brief
    assert "A hit tells of a connection, not of a person" in brief
    assert "the file was read by an unauthorised person" not in brief, (
        "judgements stand in a chapter of their own"
    )


def test_page_one_says_until_when(page: str) -> None:
    """The first use was on 22 November at noon, and so was the first alert."""
    brief = " ".join(chapter(page, "brief").split())
    assert "<b>2026-11-29 12:00 UTC" in brief, "some networks keep records for seven days"
    assert "<b>2026-11-25 12:00 UTC" in brief, "GDPR, article 33: 72 hours"


def test_events_are_numbered_exhibits_and_sheets_name_them(page: str) -> None:
    observed = chapter(page, "observed")
    assert [f"<b>E-{number}</b>" in observed for number in (1, 2, 3, 4)] == [True, True, True, False]
    assert re.search(r"<h3>E-1 \(entry \d+\): path of [0-9a-f]{16}, used 2026-11-22", observed)
    assert "E-1, E-2, E-3" in chapter(page, "derived"), "what is true of all of them stands once"


def test_what_operators_tested_themselves_is_marked(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    events = list(case.events())
    assert events[1].derived
    events[1].derived.body["facts"]["operator_rule"] = {
        "source": "operator",
        "mark": "test",
        "reason": "drill",
    }
    monkeypatch.setattr(case, "events", lambda: iter(events))
    [(_, content)] = Report().files(case)
    page = b"".join(content).decode()
    assert "1 marked as the operator's own tests" in page.replace("&#39;", "'")
    assert page.count("<b>own test</b>") == 1


def test_repeated_acts_of_one_kind_are_counted_in_one_line(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    alerted = next(entry for entry in case.story if entry.kind == "alerted")
    monkeypatch.setattr(case, "story", (*case.story, alerted, alerted), raising=False)
    [(_, content)] = Report().files(case)
    assert "courier: 3 times until 2026-11-22T12:00:00.000000Z, by ops" in b"".join(content).decode()


def test_every_exhibit_it_lists_is_in_the_dossier(page: str, case: Case) -> None:
    listed = set(re.findall(r'class="mono whole">data/([^<]*)</td>', page))
    formats = plugins.classes(FOLDER, Format)
    paths = [path for one in formats.values() for path, _ in _read(one().files(case))]
    assert len(listed) >= len(formats)
    for name in listed:
        pattern = re.escape(name).replace(r"SHA\-256", "[0-9a-f]{64}").replace("CANARY", "[0-9a-f]{16}")
        assert any(re.match(pattern, path) for path in paths), name


def _read(files: Iterator[tuple[str, Content]]) -> Iterator[tuple[str, bytes]]:
    for path, content in files:
        yield path, b"".join(content)


def test_nothing_is_left_in_json(page: str) -> None:
    assert "User-Agent: &lt;script&gt;" in chapter(page, "observed")
    assert "[[" not in page
    assert "{&#34;" not in page


def test_what_operators_did_does_not_stand_under_observed(page: str) -> None:
    assert "alerted" not in chapter(page, "observed")
    assert "alerted" in chapter(page, "assessed")


def test_it_claims_no_more_than_it_can_show(page: str) -> None:
    for sentence in (
        "without the change showing",
        "nothing does that by accident",
        "of named people",
        "where its registry",
    ):
        assert sentence not in " ".join(page.split())
    assert "It is a rule of order, not a finding that one person acted" in " ".join(page.split())


def told(
    case: Case, monkeypatch: pytest.MonkeyPatch, changes: Mapping[str, object], version: str = "counsel"
) -> str:
    """The report on the first hit alone, as if it had come otherwise; ``facts`` are those that were derived."""
    event = next(iter(case.events()))
    assert event.derived
    hit = replace(event.hit, body={**event.hit.body, **changes})
    derived = replace(event.derived, body={**event.derived.body, "facts": changes.get("facts", {})})
    monkeypatch.setattr(case, "events", lambda: iter([replace(event, hit=hit, derived=derived)]))
    monkeypatch.setattr(case, "hit_count", 1)
    monkeypatch.setattr(case, "version", VERSIONS[version])
    [(_, content)] = Report().files(case)
    return b"".join(content).decode()


CLIENT = {"ip": "198.51.100.77", "port": 0}
HERE = {"ip": "192.0.2.80", "port": 555}
NOWHERE = {"ip": "", "port": 0}
SENSOR = {"how": "sensor", "chain": ["shop"], "client": ["198.51.100.77", 0]}
WAYS: list[tuple[dict[str, object], str, str]] = [
    (
        {"trap": "dns"},
        "203.0.113.0 port 40000, a name server that asked for somebody",
        "name servers that looked",
    ),
    (
        {"trap": "smtp", "facet": "email"},
        "203.0.113.0 port 40000, a mail server that delivered",
        "mail servers",
    ),
    (
        {"source": CLIENT, "via": {"how": "proxy-protocol", "chain": ["x"], "client": ["198.51.100.77", 0]}},
        "198.51.100.77 port not known, named by the operator&#39;s proxy 203.0.113.0",
        "1 address named by the operator&#39;s own proxy",
    ),
    (
        {"source": CLIENT, "peer": HERE, "via": SENSOR},
        "198.51.100.77, as the operator&#39;s application shop reported",
        "told of it and named 1 address",
    ),
    (
        {
            "source": NOWHERE,
            "peer": NOWHERE,
            "local": NOWHERE,
            "via": {"how": "provider_log", "chain": ["trail"]},
        },
        "the operator&#39;s log trail, which named no client",
        "1 use that no trap saw: the operator&#39;s own application, log or mailbox told of it.",
    ),
]


@pytest.mark.parametrize(("changes", "source", "page_one"), WAYS)
def test_page_one_says_how_an_address_is_known(
    case: Case, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], source: str, page_one: str
) -> None:
    """Not a connection from where somebody else was connected."""
    page = told(case, monkeypatch, changes).replace("'", "&#39;")
    first = page.split('id="brief"')[1].split("</section>")[0]
    assert page_one in first
    assert "Connections from" not in first
    assert source in first or "named no client" in source
    assert source in page.split("Events</h2>")[1]


@pytest.mark.parametrize("changes", [way[0] for way in WAYS[3:]])
def test_what_no_trap_saw_is_not_said_to_have_arrived(
    case: Case, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]
) -> None:
    page = told(case, monkeypatch, changes)
    assert "That these requests arrived" not in page
    assert "the proxy said" not in page
    assert "As the trap read it" not in page
    assert " port 0" not in page
    assert ("asked to preserve their records" in page) == (changes["source"] is CLIENT)


@pytest.mark.parametrize(("changes", "source", "_"), WAYS)
def test_a_provider_reads_the_same_words(
    case: Case, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], source: str, _: str
) -> None:
    assert source in told(case, monkeypatch, changes, "provider").replace("'", "&#39;")


def test_of_one_use_it_does_not_speak_as_of_many(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    page = told(case, monkeypatch, {})
    assert "One line for each hit, 1 in all." in page
    assert "From 2026-11-22 12:00:00 UTC to" not in page
    assert "Why these hits are one incident" not in page
    assert "presented 2026" not in page, "a link is not presented"


def test_nothing_is_to_be_done_about_the_operators_own(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = {"rule": "r", "mark": "test", "owner": "bob", "reason": "x"}
    page = told(case, monkeypatch, {"facts": {"operator_rule": rule}})
    assert "an operator's rule marks every use as the operator's own:" in page
    assert "Ask who made these uses" in page
    assert "Replace what lay beside" not in page


def test_it_says_no_more_than_settings_and_verifier_do(page: str) -> None:
    """What holds no token is kept for days by default, sealing can wait, and the verifier reads no page."""
    for claim in ("was not kept, only counted", "signed within seconds", "recomputes it", "it never changes"):
        assert claim not in page
    assert "of the words and numbers on this page it checks none" in " ".join(page.split())


def test_what_a_judgement_rests_on_is_named_as_the_page_names_it(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = next(entry for entry in case.story if entry.kind == "assessed")
    noted = next(entry for entry in case.story if entry.kind == "noted")
    event = next(iter(case.events()))
    body = {**judged.body, "evidence": [event.hit.id, noted.id, "gh<b>ost"]}
    others = [entry for entry in case.story if entry.kind != "assessed"]
    monkeypatch.setattr(case, "story", (*others, replace(judged, body=body)), raising=False)
    [(_, content)] = Report().files(case)
    said = b"".join(content).decode().split("<th>Evidence</th><td>")[1].split("</td>")[0]
    assert said == (
        f"E-1 (entry {event.hit.seq}); noted, entry {noted.seq}; "
        "gh&lt;b&gt;ost (not among the events and acts of this page)"
    )
