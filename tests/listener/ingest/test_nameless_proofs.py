"""A login that names nobody, or a user of any server: the answer to the challenge says whose password was typed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest

from canaries.crypto import scram, vnc_des
from canaries.installation.home import Home
from canaries.mint import minting
from listener.evidence.sighting import Sighting
from listener.facts.derive import load
from listener.incidents import proofs, queries
from listener.ingest.intake import Intake
from listener.ingest.nameless_proofs import NamelessProofs
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


def proven(number: int, mechanism: str, user: str, password: str, key: bytes) -> Sighting:
    """A login of a MongoDB client that was told to use SCRAM."""
    salt, rounds = scram.salt(key, user, mechanism), scram.MECHANISMS[mechanism][1]
    first, server = f"n,,n={user},r=abc", f"r=abcdef,s={base64.b64encode(salt).decode()},i={rounds}"
    client = scram.client_key(mechanism, user, password, salt, rounds)
    message = f"n={user},r=abc,{server},c=biws,r=abcdef".encode()
    name = "sha1" if mechanism == "SCRAM-SHA-1" else "sha256"
    signature = hmac.digest(scram.stored_key(mechanism, client), message, name)
    proof = base64.b64encode(bytes(a ^ b for a, b in zip(client, signature, strict=True))).decode()
    notes = {"request": "login", "mechanism": mechanism, "user": user, "asked": first, "challenge": server}
    notes |= {"response": f"c=biws,r=abcdef,p={proof}"}
    return said(number, "login", connection=number, trap="mongodb", notes=notes)


@pytest.mark.parametrize("mechanism", scram.MECHANISMS)
def test_a_client_that_was_told_to_prove_what_it_would_have_shown(home: Home, mechanism: str) -> None:
    """The bait asks for PLAIN, and its user is one of any server: the proof leads to it."""
    made = list(minting.mint(home, "mongodb-url", count=2))
    row, key = made[1].bait.row, home.keys.front
    intake = Intake(home, load(home))
    wrong = proven(1, mechanism, row["user"], "another-password", key)
    assert intake.ingest([wrong, proven(2, mechanism, row["user"], row["password"], key)], "s", 1) == 1
    (hit,) = queries.hits(home, parts=True)
    assert (hit.body["canary"], hit.facts["secret"]["shown"]) == (made[1].canary.id, "right")


@pytest.mark.parametrize(
    ("trap", "kind", "options"),
    [("mysql", "mysql", {}), ("mongodb", "mongodb-url", {"mechanism": "default"})],
)
def test_bait_with_a_user_of_its_own_is_not_tried(
    home: Home, monkeypatch: pytest.MonkeyPatch, trap: str, kind: str, options: dict[str, str]
) -> None:
    """Guesses of strangers cost nothing where the user alone leads to every canary."""
    list(minting.mint(home, kind, count=3, options=options))
    notes = {"request": "login", "user": "root", "challenge": bytes(20).hex(), "response": bytes(20).hex()}
    guesses = {
        "mysql": said(1, "login", connection=1, trap="mysql", notes=notes),
        "mongodb": proven(1, "SCRAM-SHA-256", "root", "guess", home.keys.front),
    }
    tried: list[object] = []
    monkeypatch.setattr("listener.proofs.given.GivenProof.judged", lambda _, held: tried.append(held))
    assert NamelessProofs(home).matches(guesses[trap], 1) == []
    assert tried == []
    list(minting.mint(home, kind, options={"user": "reports"}))
    NamelessProofs(home).matches(guesses[trap], 2)
    assert len(tried) == 1, "the instrument works"


def test_a_scramble_of_a_user_that_the_operator_gave(home: Home) -> None:
    (made,) = minting.mint(home, "mysql", options={"user": "reports"})
    salt, once = bytes(range(1, 21)), hashlib.sha1(made.bait.row["password"].encode()).digest()
    mixed = hashlib.sha1(salt + hashlib.sha1(once).digest()).digest()
    notes = {"request": "login", "user": "reports", "challenge": salt.hex()}
    notes |= {"response": bytes(a ^ b for a, b in zip(once, mixed, strict=True)).hex()}
    login = said(1, "login", connection=1, trap="mysql", notes=notes)
    assert Intake(home, load(home)).ingest([login], "s", 1) == 1
    assert {hit.body["canary"] for hit in queries.hits(home)} == {made.canary.id}


def test_bait_without_a_key_is_no_hit(home: Home) -> None:
    """Minted before there was one: the listener goes on, and says nothing."""
    assert Intake(home, load(home)).ingest([typed(1, "8 chars!")], "s", 1) == 0
