"""A VNC login names nobody: the answer to the challenge alone says whose password was typed."""

from __future__ import annotations

from typing import Any

from canaries.crypto import vnc_des
from canaries.installation.home import Home
from canaries.mint import minting
from listener.evidence.sighting import Sighting
from listener.facts.derive import load
from listener.incidents import proofs, queries
from listener.ingest.intake import Intake
from tests.listener.ingest.test_conversations import said

ASKED = bytes(range(16))


def typed(number: int, password: str, **other: Any) -> Sighting:
    answer = vnc_des.response(vnc_des.key(password), ASKED).hex()
    notes = {"request": "login", "challenge": ASKED.hex(), "response": answer, **other}
    return said(number, "login", connection=number, trap="vnc", notes=notes)


def test_the_right_password_is_a_hit_of_its_canary(home: Home) -> None:
    first, second = list(minting.mint(home, "vnc-password", count=2))
    intake = Intake(home, load(home))
    assert intake.ingest([typed(1, second.bait.row["password"])], "s", 1) == 1
    (late,) = minting.mint(home, "vnc-password")
    batch = [typed(2, "8 chars!"), typed(3, late.bait.row["password"]), typed(4, "x", response="zz")]
    assert intake.ingest(batch, "s", 2) == 1, "minted while the listener runs"
    hits = list(queries.hits(home, parts=True))
    assert {hit.body["canary"] for hit in hits} == {second.canary.id, late.canary.id}
    assert {hit.facts["secret"]["shown"] for hit in hits} == {"right"}
    checks = proofs.ProofChecks(home)
    assert {str(checks.of(hit)) for hit in hits} == {"the right secret was shown (VNC response)"}
    assert first.canary.id not in {hit.body["canary"] for hit in hits}


def test_bait_without_a_key_is_no_hit(home: Home) -> None:
    """Minted before there was one: the listener goes on, and says nothing."""
    assert Intake(home, load(home)).ingest([typed(1, "8 chars!")], "s", 1) == 0
