"""Messages to canary subscribers: announced ones are counted and quiet, any other is an incident that says why."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from canaries.core import store
from canaries.core.clock import FixedClock, to_micros
from canaries.installation.home import Home
from canaries.mint import amending, catalogue
from canaries.mint.minting import mint
from listener.evidence.sighting import Sighting
from listener.incidents import queries
from listener.ingest.intake import Intake
from listener.sensors import sends
from tests import steady

TEXT = "Hello {name},\nICE is at 5th and Main."
LIST = "subscribers"


@pytest.fixture
def subscriber(home: Home) -> str:
    """Its mailbox; it is on the list."""
    canary = next(mint(home, "user", memo="phony subscriber")).canary
    amending.amend(home, [canary], tags=[f"list:{LIST}"])
    return next(token.value for token in catalogue.find(home, canary.id).tokens if token.facet == "email")


def mailed(home: Home, number: int, mailbox: str, text: str) -> list[Sighting]:
    """What the SMTP trap records of one delivery: the recipient, then the message."""
    message = f"From: alerts@x.example\nSubject: Alert\n\n{text}\n.\n".replace("\n", "\r\n")
    raws = (f"RCPT TO:<{mailbox}>\r\n".encode(), b"DATA\r\n" + message.encode())
    at, found = to_micros(home.clock.now()), []
    for step, (request, raw) in enumerate(zip(("recipient", "mail"), raws, strict=True)):
        notes: Any = {"request": request, "sender": "alerts@x.example", "recipients": [mailbox]}
        one = Sighting(
            steady.key(f"{number} {step}", 16).hex(), "smtp", at, ("203.0.113.25", 25), ("192.0.2.1", 25), "tcp",
            raw, len(raw), "f" * 16, number * 2 + step, number, {}, notes=notes,
        )  # fmt: skip
        found.append(one)
    return found


def announced(home: Home, text: str = TEXT, answer: str = "send 200") -> Sighting:
    body = json.dumps({"id": "campaign 1", "list": LIST, "text": text, "by": "jo"}).encode()
    raw = b"POST /sends HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    return Sighting(
        "e" * 32, "sensors", to_micros(home.clock.now()), ("127.0.0.1", 0), ("127.0.0.1", 0), "unix",
        raw, len(raw), "f" * 16, 9, 9, {}, via={"how": "sensor", "chain": ["app"]}, answer=answer,
        notes={"sensor": "app"},
    )  # fmt: skip


def incidents(home: Home) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for hit in queries.hits(home):
        found.setdefault(hit.incident, []).append(hit.facts["verdict"]["event"])
    return found


def alerts(home: Home) -> int:
    with home.store.read() as connection:
        row = connection.execute(select(func.sum(store.notice.c.seen - store.notice.c.own))).scalar_one()
    return int(row or 0)


def test_what_was_announced_is_counted_and_told_to_nobody(
    home: Home, fact_sources: Any, subscriber: str
) -> None:
    """The announcement comes in the same batch, just before: it counts."""
    intake, before = Intake(home, fact_sources), announced(home)
    copies = [
        mailed(home, number, subscriber, f"Hello {number},\nICE is at 5th and Main.") for number in (1, 2)
    ]
    assert intake.ingest([before, *copies[0]], "s", 1) == 2
    assert intake.ingest(copies[1], "s", 2) == 2
    assert {event for events in incidents(home).values() for event in events} == {
        "subscriber_named",
        "authorised_send",
    }
    assert alerts(home) == 0
    with home.store.read() as connection:
        (one,) = sends.sends(connection, home)
        entries = home.reader.entries(connection, "setting")
        (entry,) = [found for found in entries if found.body.get("section") == "sends"]
    assert (one.copies, one.by) == (2, "sensor app, for jo")
    assert entry.by == "sensor app"
    intake.ingest([announced(home)], "s", 3)
    with home.store.read() as connection:
        assert len(sends.sends(connection, home)) == 1, "from a segment that was copied back: once"


def test_what_nobody_announced_is_an_incident_that_says_why(
    home: Home, fact_sources: Any, subscriber: str
) -> None:
    intake = Intake(home, fact_sources)
    intake.ingest([announced(home), *mailed(home, 1, subscriber, "Turn yourself in.")], "s", 1)
    (hit,) = [one for one in queries.hits(home) if one.facts["verdict"]["event"] == "unauthorised_send"]
    assert hit.facts["verdict"]["severity"] == "critical"
    assert "none of those that are open for this list has these words" in str(hit.facts["verdict"]["reasons"])
    message: Any = hit.body["observed"]
    assert message["message"]["subject"] == "Alert"
    assert alerts(home) == 1


def test_an_announcement_that_the_trap_did_not_take_counts_for_nothing(
    home: Home, fact_sources: Any, subscriber: str
) -> None:
    Intake(home, fact_sources).ingest(
        [
            announced(home, answer="report 200"),
            *mailed(home, 1, subscriber, "Hello J,\nICE is at 5th and Main."),
        ],
        "s",
        1,
    )
    assert alerts(home) == 1


def test_a_canary_of_no_list_is_as_before(home: Home, fact_sources: Any) -> None:
    canary = next(mint(home, "user")).canary
    mailbox = next(token.value for token in canary.tokens if token.facet == "email")
    Intake(home, fact_sources).ingest(mailed(home, 1, mailbox, "Hello"), "s", 1)
    assert {hit.facts["verdict"]["event"] for hit in queries.hits(home)} == {"mail_received"}


@pytest.mark.parametrize(
    ("text", "told"), [("Hello June,\nICE is at 5th and Main.", 0), ("Turn yourself in.", 1)]
)
def test_a_text_message_to_a_number_of_the_operators_own(
    home: Home, fact_sources: Any, text: str, told: int
) -> None:
    canary = next(mint(home, "user", options={"phone": "+15557654321"})).canary
    amending.amend(home, [canary], tags=[f"list:{LIST}"])
    before = announced(home)
    sms = msgspec.structs.replace(
        before, id="d" * 32, answer="sms 200", via={"how": "sensor", "chain": ["twilio"]},
        notes={"sensor": "twilio", "number": "15557654321", "sender": "+15550100", "message": text},
    )  # fmt: skip
    assert Intake(home, fact_sources).ingest([before, sms], "s", 1) == 1
    (hit,) = queries.hits(home)
    assert (hit.facet, hit.request) == ("number", "text message to 15557654321")
    assert alerts(home) == told


def fetched(
    home: Home, text: str, *, number: int = 1, arrived: int = 0, looked: int = 0, **notes: object
) -> Sighting:
    """A message out of a mailbox: ``arrived`` and ``looked`` seconds ago."""
    now = to_micros(home.clock.now())
    raw = f"From: alerts@x.example\r\nTo: undisclosed\r\nSubject: Alert\r\n\r\n{text}\r\n".encode()
    said = {"mailbox": "june", "since": now - 1_000_000 * min(arrived, looked or arrived), **notes}
    return Sighting(
        steady.key(f"fetched {number}", 16).hex(), "sensors", now, ("127.0.0.1", 0), ("127.0.0.1", 0), "imap", raw,
        len(raw), "mailbox-june", 0, 0, {}, via={"how": "mailbox", "chain": ["june"]}, answer="mailbox",
        notes={"arrived": now // 1_000_000 - arrived, **said},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "event"),
    [("Hello June,\nICE is at 5th and Main.", "authorised_send"), ("Turn yourself in.", "unauthorised_send")],
)
def test_a_message_in_a_mailbox_elsewhere_is_held_against_the_sends(
    home: Home, fact_sources: Any, text: str, event: str
) -> None:
    canary = next(mint(home, "user", options={"email": "june.k@provider.example"})).canary
    amending.amend(home, [canary], tags=[f"list:{LIST}"])
    before = announced(home)
    mail = fetched(home, text, address="June.K@provider.example")
    assert Intake(home, fact_sources).ingest([before, mail], "s", 1) == 1
    (hit,) = queries.hits(home)
    assert (hit.facet, hit.facts["verdict"]["event"]) == ("email", event)
    assert hit.body["via"] == {"how": "mailbox", "chain": ["june"]}
    assert alerts(home) == (event == "unauthorised_send")


def test_what_the_listener_fetches_late_is_held_against_what_was_open_when_it_came(
    home: Home, fact_sources: Any
) -> None:
    """The listener was away for hours: a window that has closed since is no reason for an alarm."""
    home.clock = clock = FixedClock(home.clock.now())
    canary = next(mint(home, "user", options={"email": "june.k@provider.example"})).canary
    amending.amend(home, [canary], tags=[f"list:{LIST}"])
    sends.authorise(home, LIST, TEXT, 5)
    clock.advance(hours=3)
    words = "Hello June,\nICE is at 5th and Main."
    early = fetched(
        home, words, number=1, arrived=3 * 3600 - 60, looked=4 * 3600, address="june.k@provider.example"
    )
    late = fetched(home, words, number=2, arrived=3600, looked=4 * 3600, address="june.k@provider.example")
    claimed = fetched(
        home, words, number=3, arrived=3 * 3600 - 60, looked=10, address="june.k@provider.example"
    )
    Intake(home, fact_sources).ingest([early, late, claimed], "s", 1)
    events = [hit.facts["verdict"]["event"] for hit in queries.hits(home)]
    assert sorted(events) == ["authorised_send", "unauthorised_send", "unauthorised_send"]


def test_a_message_that_no_parser_reads_matches_no_send(
    home: Home, fact_sources: Any, subscriber: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise AttributeError

    monkeypatch.setattr("listener.protocol.mail.read_letter", fails)
    intake = Intake(home, fact_sources)
    intake.ingest(
        [announced(home), *mailed(home, 1, subscriber, "Hello x,\nICE is at 5th and Main.")], "s", 1
    )
    events = {hit.facts["verdict"]["event"] for hit in queries.hits(home)}
    assert events == {"subscriber_named", "unauthorised_send"}


def test_a_mailbox_of_no_list_is_mail_that_came(home: Home, fact_sources: Any) -> None:
    next(mint(home, "user", options={"email": "june.k@provider.example"}))
    Intake(home, fact_sources).ingest([fetched(home, "Hello", address="june.k@provider.example")], "s", 1)
    (hit,) = queries.hits(home)
    assert hit.facts["verdict"]["event"] == "mail_received"
    assert "at a mail provider" in str(hit.facts["verdict"]["reasons"])
