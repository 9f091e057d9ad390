"""What a database login and the vault's public key can write, and who names it: ledger check, build or verifier."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from canaries.core import store
from canaries.core.errors import LedgerError
from canaries.ledger.entries import canonical
from canaries.ledger.sealer import LogSealer
from canaries.ledger.verification import verify
from canaries.mint.minting import mint
from canaries.operators import enrolment
from listener.dossier.build import build
from tests.listener.dossier.test_attacks import AT, check, forged_hit, told_by
from tests.operators import acting, approve, enrol, key_of
from tests.programs import needs

pytestmark = needs("openssl")

JUDGEMENT: dict[str, Any] = {
    "statement": "it was Bob", "likelihood": "almost certain", "band": "95-100 %", "confidence": "high",
    "because": "", "would_change": "", "alternatives": [], "assumptions": [], "evidence": [],
}  # fmt: skip


def write(story: Any, kind: Any, body: dict[str, Any], by: str, at: str = "") -> str:
    with story.home.store.write() as connection:
        found: str = story.home.writer.record(connection, kind, at or story.home.now(), by, body)
    return found


def second_facts(story: Any) -> str:
    body = {"hit": story.hits[0], "incident": story.incident, "facts": {}, "failed": {}, "egress": []}
    return write(story, "derived", body, "listener")


def facts_in_place_of_others(story: Any) -> None:
    made = second_facts(story)
    with story.home.store.write() as connection:
        connection.execute(update(store.hit).where(store.hit.c.id == story.hits[0]).values(derived_id=made))


def a_record_minted_again(story: Any) -> None:
    """The bait's record with another recipient, under an entry of its own."""
    with story.home.store.write() as connection:
        row = connection.execute(store.canary.select().where(store.canary.c.id == story.canary)).one()
        record = json.loads(story.home.reader.open(row.sealed, row.id)) | {"recipient": "Bob"}
        line = canonical(record)
        named = [[story.canary, hashlib.sha256(line).hexdigest()]]
        body = {"kind": "url", "count": 1, "canaries": named}
        entry = story.home.writer.record(connection, "minted", AT, "alice", body)
        sealed = story.home.writer.seal(line, story.canary)
        change = update(store.canary).where(store.canary.c.id == story.canary)
        connection.execute(change.values(entry_id=entry, sealed=sealed))


def a_hit_of_no_time(story: Any) -> None:
    forged_hit(story, observed_at="2026-11-22 12:00")


def a_note_of_no_time(story: Any) -> None:
    write(story, "noted", {"incident": story.incident, "text": "x"}, "bob", at="yesterday")


def minted_nothing(story: Any) -> None:
    write(story, "minted", {"canaries": 7}, "alice")


def facts_of_a_hit_that_never_was(story: Any) -> None:
    body = {"hit": "e" * 32, "incident": story.incident, "facts": {}, "failed": {}, "egress": []}
    write(story, "derived", body, "listener")


def a_hit_of_another_zone(story: Any) -> None:
    forged_hit(story, observed_at="2026-11-22T19:00:00.000000+05:00")


def a_note_of_another_zone(story: Any) -> None:
    write(
        story,
        "noted",
        {"incident": story.incident, "text": "x"},
        "bob",
        at="2026-11-22T12:00:00.000000-01:00",
    )


def a_hit_of_fewer_bytes(story: Any) -> None:
    forged_hit(story, raw_len=5)


def no_placement(story: Any) -> None:
    with story.home.store.write() as connection:
        connection.execute(store.placement.delete())


def a_retirement_before_its_use(story: Any) -> None:
    with story.home.store.write() as connection:
        connection.execute(update(store.canary).values(retired_at="2020-01-01T00:00:00.000000Z"))


def a_rating_of_nothing(story: Any) -> None:
    write(story, "rated", {"incident": story.incident, "likelihood": "likely"}, "alice")


def a_move(story: Any, by: str) -> None:
    """A hit into another incident, in entry and index."""
    with story.home.store.write() as connection:
        hit = story.home.reader.fetch(connection, [story.hits[0]])[story.hits[0]]
        row = connection.execute(store.hit.select().where(store.hit.c.id == story.hits[0])).one()
        facts = story.home.reader.fetch(connection, [row.derived_id])[row.derived_id]
        body = {
            "act": "split",
            "incident": story.incident,
            "into": "f" * 16,
            "hits": [story.hits[0]],
            "leaves": [hit.leaf.hex()],
            "derived": [facts.leaf.hex()],
            "text": "x",
        }
        story.home.writer.record(connection, "regrouped", story.home.now(), by, body)
        change = update(store.hit).where(store.hit.c.id == story.hits[0])
        connection.execute(change.values(incident_id="f" * 16))


def a_move_by_the_program(story: Any) -> None:
    a_move(story, "listener")


def a_move_by_a_colleague(story: Any) -> None:
    enrol(story.home, "alice", "bob")
    a_move(story, "alice")


@pytest.mark.parametrize(
    ("attack", "sentence"),
    [
        (second_facts, "which has another: it was added"),
        (facts_in_place_of_others, "which has another: it was added"),
        (a_record_minted_again, "was minted, but is not among the canaries"),
        (a_hit_of_no_time, "is not what a hit entry is"),
        (a_note_of_no_time, "is not what a noted entry is"),
        (minted_nothing, "is not what a minted entry is"),
        (facts_of_a_hit_that_never_was, "which the ledger does not have"),
        (a_hit_of_another_zone, "is not what a hit entry is"),
        (a_note_of_another_zone, "is not what a noted entry is"),
        (a_hit_of_fewer_bytes, "are not as many as its entry says"),
        (no_placement, "no placement of it is there"),
        (a_retirement_before_its_use, "is retired as of 2020"),
        (a_rating_of_nothing, "is not what a rated entry is"),
        (a_move_by_the_program, "the incident of another"),
        (a_move_by_a_colleague, "the incident of another"),
    ],
)
def test_the_ledger_check_refuses_and_no_dossier_is_built(
    story: Any, tmp_path: Path, attack: Callable[[Any], object], sentence: str
) -> None:
    attack(story)
    with pytest.raises(LedgerError, match=sentence):
        verify(story.home)
    with pytest.raises(LedgerError, match=sentence):
        build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    assert not list(tmp_path.glob("case.zip*"))


def test_a_move_that_nobody_made_does_not_take_a_hit_out(story: Any, tmp_path: Path) -> None:
    """Where the index was left as it was: the hit stays in the case, and the forgery is named."""
    enrol(story.home, "alice", "bob")
    a_move(story, "alice")
    with story.home.store.write() as connection:
        change = update(store.hit).where(store.hit.c.id == story.hits[0])
        connection.execute(change.values(incident_id=story.incident))
    made = build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    lines = told_by(made, story.home)
    assert any("says it is by 'alice', and is not to be believed" in line for line in lines)
    assert any("with all 3 hits" in line for line in lines)
    assert lines[-1] == "VERIFIED with the keys you brought."


@pytest.mark.parametrize("operators", [(), ("alice", "bob")])
def test_nobody_writes_as_the_program_what_only_people_say(
    story: Any, tmp_path: Path, operators: tuple[str, ...]
) -> None:
    """Under a name that needs no signature a judgement would have none, and nobody would miss it."""
    enrol(story.home, *operators)
    write(story, "assessed", {"incident": story.incident, **JUDGEMENT}, "listener")
    (sentence,) = verify(story.home).forged
    assert "says it is by 'listener', but the program writes no such entry" in sentence
    made = build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    (line,) = [line for line in told_by(made, story.home) if line.startswith("!!  entry")]
    assert "by 'listener', and is not to be believed: the program writes no such entry" in line


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"observed_at": "2099-01-01T00:00:00.000000Z"}, "was observed after it was written"),
        ({"observed_at": "2026-11-20T12:00:00.000000Z"}, "observed before its canary was minted"),
    ],
)
def test_a_hit_of_another_time_is_named_by_all(
    story: Any, tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    forged_hit(story, **changes)
    assert any(sentence in odd for odd in verify(story.home).oddities)
    made = build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    assert any(line.startswith("!!") and sentence in line for line in told_by(made, story.home))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"source": {"ip": "999.1.1.1<b>", "port": 4}}, "has a source that is no address and port"),
        ({"source": {"ip": "192.0.2.1", "port": 70_000}}, "has a source that is no address and port"),
        ({"peer": {"ip": "localhost", "port": 4}}, "has a peer that is no address and port"),
        ({"number": -1}, "has a number below nought"),
        ({"connection": -7}, "has a number below nought"),
        ({"number": 7.5}, "has a number that is none"),
        ({"local": {"ip": "the office", "port": 1}}, "has a local that is no address and port"),
        ({"peer": {"ip": "203.0.113.9", "port": True}}, "has a peer that is no address and port"),
        ({"peer": {"ip": "fe80::1%a man's name", "port": 4}}, "has a peer that is no address and port"),
        ({"source": {"ip": "203.0.113.77", "port": 4}}, "comes from another address than its connection"),
        ({"raw_truncated": True}, "contradicts itself on how much of the request was kept"),
        ({"raw_size": 3}, "contradicts itself on how much of the request was kept"),
        ({"kind": "aws-key"}, "says another kind of canary than was minted"),
    ],
)
def test_a_hit_that_no_front_writes_is_named_by_all(
    story: Any, tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    forged_hit(story, **changes)
    named_by_all(story, tmp_path, sentence)


def test_two_requests_with_one_number_are_named_whatever_canary_they_hit(story: Any, tmp_path: Path) -> None:
    other = next(mint(story.home, "url")).canary
    forged_hit(story)
    forged_hit(story, sighting="d" * 32, canary=other.id, kind=other.kind)
    made = build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    named = "has the number of the hit at"
    assert any(line.startswith("!!") and named in line for line in told_by(made, story.home))


def test_what_no_program_tells_is_named_by_all(story: Any, tmp_path: Path) -> None:
    """An alert on more hits than the log has, and an export that counts one canary twice."""
    about = {"canary": story.canary, "incident": story.incident}
    told = {"channel": "mail", "attempt": 1, "alert": "a", "event": "first-use", "hits": 9_999, **about}
    write(story, "alerted", told, "courier")
    named_by_all(story, tmp_path, "tells of 9999 hits, which the log did not have")
    write(story, "exported", {"what": "urls", "canaries": [story.canary, story.canary]}, "alice")
    named_by_all(story, tmp_path, "names one canary twice")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("alerted", {"channel": "mail", "attempt": 1, "alert": "a", "event": "first-use", "hits": 1}),
        ("alert-failed", {"channel": "mail", "attempt": 1, "alert": "a", "reason": "x"}),
    ],
)
def test_what_only_the_program_writes_is_named_under_a_person_s_name(
    story: Any, tmp_path: Path, kind: Any, body: dict[str, Any]
) -> None:
    write(story, kind, {**body, "canary": story.canary, "incident": story.incident}, "mallory")
    named_by_all(story, tmp_path, "names a person as its author, and only the program writes such a one")


def test_an_erasure_of_what_never_was_is_named(story: Any, tmp_path: Path) -> None:
    body = {"incident": story.incident, "entries": ["e" * 32], "leaves": ["cd" * 32], "hits": ["cd" * 32]}
    write(story, "erased", body, "carol")
    made = build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    (line,) = [line for line in told_by(made, story.home) if line.startswith("!!")]
    assert "names entries that this log never had" in line


def test_of_a_thousand_odd_hits_a_reader_sees_one_line(story: Any, tmp_path: Path) -> None:
    """So many lines of one sort would hide the one that matters."""
    for number in range(2_000, 2_030):
        forged_hit(story, number=number, connection=number, sighting=f"{number:032}", raw_truncated=True)
    made = build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    (line,) = [line for line in told_by(made, story.home) if line.startswith("!!")]
    assert line.startswith("!!  each of 30 entries of one kind (hit), the first at ")
    assert "contradicts itself on how much of the request was kept" in line


def test_names_that_look_like_a_colleague_s_are_spelled_out(story: Any, tmp_path: Path) -> None:
    enrol(story.home, "alice")
    for by in ("alice ", "\u0430lice"):
        write(story, "noted", {"incident": story.incident, "text": "x"}, by)
    with acting(story.home, "alice") as home:
        made = build(home, incident=story.incident, out=tmp_path / "case.zip")
    (line,) = [line for line in told_by(made, story.home) if "are unsigned" in line]
    assert "'alice '" in line
    assert "'\\u0430lice'" in line


LITTLE: tuple[Any, ...] = "assessed", "noted", "exported", "held", "opened", "erased"


@pytest.mark.parametrize("value", [None, "x"])
def test_an_entry_with_little_in_it_stops_no_build(story: Any, tmp_path: Path, value: Any) -> None:
    for kind in LITTLE:
        about = {"incident": story.incident, "what": "handover" if kind == "exported" else value}
        write(story, kind, {**about, "text": value, "evidence": value, "recipient": value}, "carol")
        write(story, kind, about, "carol")
    made = build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    assert "VERIFIED with the keys you brought." in told_by(made, story.home)


@pytest.mark.parametrize("body", [{}, {"what": "operator"}, {"act": "x", "name": 7}])
def test_an_operator_s_entry_that_is_none_spoils_no_dossier(story: Any, tmp_path: Path, body: Any) -> None:
    write(story, "operator", body, "carol")
    assert len(verify(story.home).forged) == 1
    made = build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    assert any("by 'carol', and is not to be believed" in line for line in told_by(made, story.home))


def test_ghosts_that_a_judgement_or_a_note_rests_on_are_named(story: Any, tmp_path: Path) -> None:
    about = {"incident": story.incident, "evidence": ["ghost", story.hits[0]]}
    write(story, "assessed", {**JUDGEMENT, **about}, "alice")
    write(story, "noted", {"text": "x", "incident": story.incident, "evidence": ["spirit"]}, "alice")
    said = verify(story.home).absent
    assert [sentence.partition(" rests on ")[2] for sentence in said] == [
        "'ghost', which is not in the ledger",
        "'spirit', which is not in the ledger",
    ]
    lines = told_by(build(story.home, incident=story.incident, out=tmp_path / "case.zip"), story.home)
    assert [line[:13] for line in lines if "rests on" in line] == ["--  1 of 2 en", "--  1 of 1 en"]


def named_by_all(story: Any, tmp_path: Path, sentence: str) -> None:
    """The ledger check names it, and so does the verifier of a dossier that is built then; honest ones have nothing."""
    assert any(sentence in odd for odd in verify(story.home).oddities)
    made = build(story.home, incident=story.incident, out=tmp_path / f"{sentence[:5].strip()}.zip")
    assert any(line.startswith("!!") and sentence in line for line in told_by(made, story.home))


def test_a_judgement_on_what_nobody_sees_is_said_to_be_one(story: Any, tmp_path: Path) -> None:
    rests = {**JUDGEMENT, "evidence": ["ab" * 16, story.hits[0]]}
    write(story, "assessed", {"incident": story.incident, **rests}, "alice")
    lines = told_by(build(story.home, incident=story.incident, out=tmp_path / "case.zip"), story.home)
    (line,) = [line for line in lines if "rests on" in line]
    assert line.startswith("--  1 of 2 entries")
    assert line.endswith("not in this dossier")


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("2020-01-01T00:00:00.000000Z", "sealed after"),
        ("2099-01-01T00:00:00.000000Z", "is under the checkpoint"),
    ],
)
def test_a_note_of_another_time_is_named_by_all(story: Any, tmp_path: Path, at: str, sentence: str) -> None:
    write(story, "noted", {"incident": story.incident, "text": "x"}, "bob", at=at)
    LogSealer(story.home).seal_once()
    LogSealer(story.home).checkpoint()
    assert any(f"says {at}" in odd and sentence in odd for odd in verify(story.home).oddities)
    made = build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    named = "a time long before those in front of it stands in"
    assert any(line.startswith("!!") and named in line for line in told_by(made, story.home))


def test_a_hit_of_a_canary_that_nobody_minted_stops_the_build(story: Any, tmp_path: Path) -> None:
    forged_hit(story, canary="ab" * 8)
    assert any("names a canary that no entry before it minted" in odd for odd in verify(story.home).oddities)
    with pytest.raises(LedgerError, match="abababababababab, which nobody minted"):
        build(story.home, incident=story.incident, out=tmp_path / "case.zip")


def test_an_outside_checkpoint_is_not_explained_by_a_restore_that_nobody_made(
    story: Any, tmp_path: Path
) -> None:
    """A roll-back with a *restored* entry in a colleague's name: whoever kept a checkpoint is not talked out of it."""
    from canaries.ledger.checkpoints import log_verifier
    from canaries.ledger.signed_note import Checkpoint, sign_checkpoint
    from listener.dossier import verify as checker

    home = story.home
    enrol(home, "alice", "bob")
    sealer = LogSealer(home)
    sealer.seal_once()
    sealer.checkpoint()
    size = verify(home).entries
    lost = Checkpoint(log_verifier(home).name, size + 5, bytes(32))
    known = {"size": size + 5, "root": lost.root.hex()}
    body = {"what": "restore", "size": size, "root": "0" * 64, "known": known, "reason": "x", "backup": {}}
    write(story, "restored", body, "alice")
    for number in range(9):
        write(story, "noted", {"incident": story.incident, "text": str(number)}, "bob")
    made = build(home, incident=story.incident, out=tmp_path / "case.zip")
    (tmp_path / "kept").write_text(sign_checkpoint(lost, home.keys.log), "utf-8")
    with pytest.raises(checker.Rejected, match=r"are not those that .*kept signed"):
        check(made, home, checkpoints=[str(tmp_path / "kept")])


def enrolled_twice(story: Any) -> None:
    """One person, one key, two names: as many operators as an erasure needs."""
    home = story.home
    enrol(home, "alice")
    asked = enrolment.request(home, "alicia", key_of("alice"))
    body = {"what": "operator", "act": "enrolled", "name": "alicia", "key": asked.key, "proof": asked.proof}
    signed_by(story, "alice", "operator", body)


def proposed_once_done_twice(story: Any) -> None:
    """Bob's consent to an enrolment that is long over."""
    home = story.home
    enrol(home, "alice", "bob", "carol")
    with home.store.read() as connection:
        (proposal,) = home.reader.entries(connection, "proposed")
    body = {name: value for name, value in proposal.body.items() if name != "proposed_by"}
    signed_by(story, "bob", "operator", {**body, "proposal": proposal.id})


def proposed_by_one_who_left(story: Any) -> None:
    home = story.home
    enrol(home, "alice", "bob", "carol")
    waiting = signed_by(story, "carol", "proposed", {**ERASURE, "leaves": []})
    with acting(home, "alice"):
        proposal = enrolment.remove(home, "carol", "left")
    with acting(home, "bob"):
        approve(home, proposal)
    signed_by(story, "bob", "erased", {**ERASURE, "leaves": [], "proposal": waiting})


ERASURE: dict[str, Any] = {"what": "raw", "entries": ["0" * 32], "reason": "x"}


def signed_by(story: Any, name: str, kind: Any, body: dict[str, Any]) -> str:
    with acting(story.home, name):
        made = story.home.act(kind, {**body, "incident": story.incident} if kind != "operator" else body)
    with story.home.store.write() as connection:
        story.home.writer.put(connection, made)
    return str(made.id)


@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        (enrolled_twice, "another operator has that key, and one person would be two"),
        (proposed_once_done_twice, "no other operator proposed it"),
        (proposed_by_one_who_left, "who proposed it is no operator any more"),
    ],
)
def test_two_operators_are_two_people_each_time(
    story: Any, tmp_path: Path, attack: Callable[[Any], None], reason: str
) -> None:
    attack(story)
    (sentence,) = verify(story.home).forged
    assert reason in sentence
    with acting(story.home, "alice"):
        made = build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    (line,) = [line for line in told_by(made, story.home) if line.startswith("!!  entry")]
    assert reason in line
