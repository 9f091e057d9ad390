"""What asks for an explanation, and that honest logs ask for none."""

from __future__ import annotations

from typing import Any

import pytest

from canaries.ledger.checkpoints import Signed
from canaries.ledger.entries import Entry, canonical
from canaries.ledger.oddities import MOST, Oddities
from canaries.ledger.signed_note import Checkpoint

AT = "2026-11-22T12:00:00.000000Z"


def entry(kind: str, seq: int, at: str = AT, /, **body: Any) -> Entry:
    by = "listener" if kind == "hit" else "x"
    line = canonical(
        {"at": at, "body": body, "by": by, "entry": kind, "id": f"{seq:032x}", "nonce": "0", "v": 1}
    )
    return Entry(f"{seq:032x}", kind, at, by, body, line, seq)


def hit(seq: int, **changes: Any) -> Entry:
    body: dict[str, Any] = {
        "canary": "c",
        "kind": "url",
        "front": "f",
        "number": seq,
        "connection": seq,
        "peer": {"ip": "192.0.2.1"},
        "source": {"ip": "192.0.2.1"},
        "raw_len": 1,
        "raw_size": 1,
        "raw_truncated": False,
    }
    return entry("hit", seq, **(body | {"sighting": f"s{seq}", "observed_at": AT} | changes))


def seen(entries: list[Entry], signed: tuple[Signed, ...] = ()) -> list[str]:
    oddities = Oddities(signed)
    for one in entries:
        oddities.see(one)
    return oddities.found


def test_an_honest_log_asks_for_nothing() -> None:
    assert seen([entry("minted", 0, canaries=[["c", "0"]]), hit(1), hit(2), hit(3, connection=2)]) == []


def test_one_sighting_may_be_a_hit_of_two_canaries() -> None:
    minted = entry("minted", 0, canaries=[["c", "0"], ["d", "0"]])
    assert seen([minted, hit(1), hit(2, number=1, sighting="s1", canary="d")]) == []


MINTED = entry("minted", 0, kind="url", canaries=[["c", "0"]])
ELSEWHERE = {"ip": "192.0.2.9"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"source": ELSEWHERE}, "comes from another address than its connection"),
        ({"source": ELSEWHERE, "via": {"how": "proxy-protocol", "chain": []}}, ""),
        ({"peer": {"ip": "fe80::1%a man"}, "source": {"ip": "fe80::1%a man"}}, "a peer that is no address"),
        ({"peer": {"ip": "fe80::1%eth0"}, "source": {"ip": "fe80::1%eth0"}}, ""),
        ({"local": {"ip": "the office", "port": 1}}, "a local that is no address and port"),
        ({"local": {"ip": "192.0.2.3", "port": True}}, "a local that is no address and port"),
        ({"number": 7.5}, "has a number that is none"),
        ({"raw_len": 2}, "contradicts itself on how much"),
        ({"raw_size": 2}, "contradicts itself on how much"),
        ({"raw_size": 2, "raw_truncated": True}, ""),
        ({"kind": "aws-key"}, "another kind of canary than was minted"),
    ],
)
def test_what_no_front_writes_is_named(changes: dict[str, Any], sentence: str) -> None:
    found = seen([MINTED, hit(1, **changes)])
    assert any(sentence in one for one in found) if sentence else found == []


@pytest.mark.parametrize("kind", ["derived", "received", "stamped", "alerted"])
def test_what_only_the_program_writes_is_not_a_person_s(kind: str) -> None:
    body: dict[str, Any] = {"hit": "h", "incident": "i", "batches": []}
    (sentence,) = seen([entry(kind, 0, **body)])
    assert "names a person as its author" in sentence


def test_an_operator_s_trial_of_a_channel_is_an_operator_s() -> None:
    assert seen([entry("alerted", 0, channel="mail")]) == []


@pytest.mark.parametrize(
    "at", ["2026-11-22T12:00:00.000000+05:00", "2026-11-22T12:00:00Z", "2026-11-22 12:00"]
)
def test_a_time_in_another_form_is_no_entry_s(at: str) -> None:
    with pytest.raises(ValueError, match="not in UTC"):
        seen([entry("noted", 0, at)])
    with pytest.raises(ValueError, match="not in UTC"):
        seen([MINTED, hit(1, observed_at=at)])


def test_an_entry_that_is_older_than_the_checkpoint_before_it_is_named() -> None:
    signed = (Signed(Checkpoint("o", 1, bytes(32)), "", "2026-11-22T13:00:00.000000Z", ""),)
    found = seen(
        [entry("noted", 0), entry("noted", 1), entry("noted", 2, "2026-11-22T12:55:00.000000Z")], signed
    )
    assert len(found) == 1
    assert "the noted entry at 1" in found[0]


def test_only_so_many_sentences_are_kept() -> None:
    assert len(seen([hit(seq, number=1) for seq in range(1, 400)])) == MOST


def test_a_checkpoint_whose_copies_were_signed_at_different_times_is_named() -> None:
    def signed(at: str, *, continued: bool = False) -> Signed:
        return Signed(Checkpoint("o", 1, bytes(32)), "", f"2026-11-22T{at}:00.000000Z", "", continued)

    assert seen([], (signed("13:00"), signed("13:09"))) == [], "a second try after a crash"
    assert seen([], (signed("13:00"), signed("19:00", continued=True))) == []
    (sentence,) = seen([], (signed("13:00"), signed("11:00")))
    assert (
        "the checkpoint of size 1 was signed at 2026-11-22T11:00:00.000000Z, or at 2026-11-22T13:00"
        in sentence
    )
