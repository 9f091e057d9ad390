"""What asks for an explanation, and that honest logs ask for none."""

from __future__ import annotations

from typing import Any

from canaries.ledger.checkpoints import Signed
from canaries.ledger.entries import Entry, canonical
from canaries.ledger.oddities import MOST, Oddities
from canaries.ledger.signed_note import Checkpoint

AT = "2026-11-22T12:00:00.000000Z"


def entry(kind: str, seq: int, at: str = AT, **body: Any) -> Entry:
    line = canonical(
        {"at": at, "body": body, "by": "x", "entry": kind, "id": f"{seq:032x}", "nonce": "0", "v": 1}
    )
    return Entry(f"{seq:032x}", kind, at, "x", body, line, seq)


def hit(seq: int, **changes: Any) -> Entry:
    body: dict[str, Any] = {
        "canary": "c",
        "front": "f",
        "number": seq,
        "connection": seq,
        "peer": {"ip": "192.0.2.1"},
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


def test_an_entry_that_is_older_than_the_checkpoint_before_it_is_named() -> None:
    signed = (Signed(Checkpoint("o", 1, bytes(32)), "", "2026-11-22T13:00:00.000000Z", ""),)
    found = seen(
        [entry("noted", 0), entry("noted", 1), entry("noted", 2, "2026-11-22T12:55:00.000000Z")], signed
    )
    assert len(found) == 1
    assert "the noted entry at 1" in found[0]


def test_only_so_many_sentences_are_kept() -> None:
    assert len(seen([hit(seq, number=1) for seq in range(1, 400)])) == MOST
