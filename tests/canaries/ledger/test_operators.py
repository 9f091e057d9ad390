"""Who said it: what holds in an operator's name, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from canaries.installation.home import Home
from canaries.ledger import statements
from canaries.ledger.entries import Kind, draft
from canaries.ledger.verification import LedgerReport, verify
from canaries.operators import enrolment
from tests.operators import acting, enrol, key_of

AT = "2026-11-22T12:00:00.000000Z"


def write(home: Home, kind: Kind, by: str, signer: str = "", **body: Any) -> str:
    """An entry as somebody with the database writes it, signed with ``signer``'s key where one is given."""
    made = draft(kind, AT, by, body)
    if signer:
        made = statements.signed(made, home.origin, key_of(signer))
    with home.store.write() as connection:
        home.writer.put(connection, made)
    return made.id


def request(home: Home, name: str, key: str = "") -> dict[str, Any]:
    asked = enrolment.request(home, name, key_of(key or name))
    return {"what": "operator", "act": "enrolled", "name": name, "key": asked.key, "proof": asked.proof}


def test_without_operators_what_is_written_is_unsigned(home: Home) -> None:
    write(home, "noted", "bob", text="words")
    write(home, "setting", "courier", section="channels")
    report = verify(home)
    assert (report.signed, report.unsigned, report.forged) == (0, 1, ())


def test_signed_entries_are_counted_with_their_operators(home: Home) -> None:
    enrol(home, "alice", "bob")
    with acting(home, "bob"):
        said = home.act("noted", {"text": "seen"})
    with home.store.write() as connection:
        home.writer.put(connection, said)
    report = verify(home)
    assert (report.operators, report.unsigned, report.forged) == (("alice", "bob"), 0, ())
    assert report.signed == 3


@pytest.mark.parametrize(
    ("by", "signer", "reason"),
    [("alice", "", "not signed"), ("alice", "bob", "another key"), ("mallory", "mallory", "nobody of that name"),
     ("alice", "mallory", "another key")],
)  # fmt: skip
def test_a_colleague_is_not_forged(home: Home, by: str, signer: str, reason: str) -> None:
    enrol(home, "alice", "bob")
    write(home, "assessed", by, signer, statement="it was made by a colleague")
    (sentence,) = verify(home).forged
    assert reason in sentence
    assert f"by {by!a}" in sentence


def test_a_signature_does_not_serve_twice(home: Home) -> None:
    """Bob's signed note cannot be put into the log again with other words, nor into another log."""
    enrol(home, "alice")
    with acting(home, "alice"):
        made = home.act("noted", {"text": "harmless"})
    other = draft("noted", AT, "alice", {"text": "grave"})
    copied = statements.signed(other, "trapline/log/another", key_of("alice"))
    with home.store.write() as connection:
        home.writer.put(connection, made, copied)
    assert len(verify(home).forged) == 1


@pytest.mark.parametrize("signer", ["", "carol", "bob"])
def test_a_key_does_not_enrol_itself_once_there_are_operators(home: Home, signer: str) -> None:
    """Not unsigned, not by the new key, and not by one operator of two."""
    enrol(home, "alice", "bob")
    write(home, "operator", signer or "alice", signer, **request(home, "carol"))
    report = verify(home)
    assert report.operators == ("alice", "bob")
    assert len(report.forged) == 1


def test_an_operators_key_is_not_replaced_by_another_operator_alone(home: Home) -> None:
    enrol(home, "alice", "bob")
    proposal = write(home, "proposed", "bob", "bob", **request(home, "alice", "carol"))
    write(home, "operator", "bob", "bob", **request(home, "alice", "carol"), proposal=proposal)
    write(home, "noted", "alice", "carol", text="I did it")
    report = verify(home)
    assert [sentence.partition("but ")[2] for sentence in report.forged] == [
        "the same operator proposed it",
        "its signature does not hold: another key made the signature",
    ]


def test_what_is_approved_is_what_was_proposed(home: Home) -> None:
    enrol(home, "alice", "bob")
    proposal = write(home, "proposed", "alice", "alice", what="record", entries=["00"], leaves=[], reason="a")
    write(
        home, "erased", "bob", "bob", what="record", entries=["01"], leaves=[], reason="a", proposal=proposal
    )
    assert "no other operator proposed it" in verify(home).forged[0]


def test_a_request_without_the_key_enrols_nobody(home: Home) -> None:
    enrol(home, "alice")
    body = request(home, "bob") | {"key": str(key_of("carol").public)}
    write(home, "operator", "alice", "alice", **body)
    report = verify(home)
    assert report.operators == ("alice",)
    assert "does not show that anybody has the key" in report.forged[0]


def test_only_so_many_sentences_are_kept(home: Home) -> None:
    from canaries.ledger.operators import MOST, Register

    enrol(home, "alice")
    for _ in range(MOST + 1):
        write(home, "noted", "alice")
    assert len(verify(home).forged) == MOST
    assert Register("x").keys == {}


def test_a_report_is_plain_data(home: Home) -> None:
    report = verify(home)
    assert isinstance(report, LedgerReport)
    assert report.as_dict()["forged"] == []
