"""An answer to a challenge tells the secret that made it from one that did not, as real clients answer."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from tests.listener.proofs.test_schemes import SECRET, proof

SALT = bytes(range(1, 21))


def mysql(secret: str, plugin: str) -> dict[str, str]:
    """As PyMySQL answers."""
    from pymysql import _auth

    make = _auth.scramble_native_password if "native" in plugin else _auth.scramble_caching_sha2
    response = make(secret.encode(), SALT)
    return {"user": "app", "plugin": plugin, "challenge": SALT.hex(), "response": response.hex()}


def scram(secret: str, mechanism: str) -> dict[str, str]:
    """As PyMongo answers (pymongo/auth.py), by RFC 5802."""
    digest = "sha1" if mechanism.endswith("-1") else "sha256"
    first, server = "n,,n=app,r=abc", f"r=abcdef,s={base64.b64encode(SALT).decode()},i=4096"
    hidden = hashlib.md5(f"app:mongo:{secret}".encode()).hexdigest() if digest == "sha1" else secret
    salted = hashlib.pbkdf2_hmac(digest, hidden.encode(), SALT, 4096)
    client = hmac.digest(salted, b"Client Key", digest)
    message = f"n=app,r=abc,{server},c=biws,r=abcdef".encode()
    signed = hmac.digest(hashlib.new(digest, client).digest(), message, digest)
    shown = base64.b64encode(bytes(a ^ b for a, b in zip(client, signed, strict=True))).decode()
    response = f"c=biws,r=abcdef,p={shown}"
    return {"user": "app", "mechanism": mechanism, "asked": first, "challenge": server, "response": response}


@pytest.mark.parametrize("plugin", ["mysql_native_password", "caching_sha2_password"])
def test_mysql(plugin: str) -> None:
    found = proof("mysql", mysql(SECRET, plugin))
    assert found.made_by(SECRET)
    assert not found.made_by(f"{SECRET}x")
    assert (found.how, found.user, found.asked) == ("MySQL scramble", "app", SALT.hex())


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-1", "SCRAM-SHA-256"])
def test_scram(mechanism: str) -> None:
    found = proof("mongodb", scram(SECRET, mechanism))
    assert found.made_by(SECRET)
    assert not found.made_by("guess")


def test_vnc() -> None:
    """The challenge and the answer of a real viewer, as tests/listener/traps/test_vnc.py has it."""
    from tests.listener.traps.test_vnc import des

    asked = bytes(range(16))
    found = proof("vnc", {"challenge": asked.hex(), "response": des(b"8 chars!", asked).hex()})
    assert found.made_by("8 chars!")
    assert found.made_by("8 chars! and more, which no viewer sends")
    assert not found.made_by("8 charz!")
