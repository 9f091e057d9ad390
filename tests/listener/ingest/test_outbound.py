"""Messages to canary subscribers: announced ones are counted and quiet, any other is an incident that says why."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from canaries.core import store
from canaries.core.clock import to_micros
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
