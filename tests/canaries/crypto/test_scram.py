"""A stored key tells the proof of one password from that of another, by RFC 7677's own example."""

from __future__ import annotations

import base64

import pytest

from canaries.crypto import scram
from listener.protocol.identity import Identity

SALT = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
MESSAGE = (
    b"n=user,r=rOprNGfwEbeRWgbNEkqO,"
    b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
    b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
)
PROOF = base64.b64decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")


@pytest.mark.parametrize(("password", "right"), [("pencil", True), ("pen", False)])
def test_the_example_of_rfc_7677(password: str, right: bool) -> None:
    key = scram.client_key("SCRAM-SHA-256", "user", password, SALT, 4096)
    stored = scram.stored_key("SCRAM-SHA-256", key)
    assert scram.proves("SCRAM-SHA-256", stored, MESSAGE, PROOF) is right
    assert not scram.proves("SCRAM-SHA-256", stored, MESSAGE + b"x", PROOF)
    assert not scram.proves("SCRAM-SHA-256", stored, MESSAGE, PROOF[1:])


def test_the_salt_is_the_one_that_traps_have_always_sent() -> None:
    """Bait outlives releases; a trap that sends another salt would fail the right password."""
    drawn = Identity(bytes(32)).stream("mongodb").draw_bytes("salt:ann", 28)
    assert scram.salt(bytes(32), "ann", "SCRAM-SHA-256") == drawn
    assert scram.salt(bytes(32), "ann", "SCRAM-SHA-1") == drawn[:16]
