"""Hashes, checked by the frameworks' own code and by published vectors."""

from __future__ import annotations

import base64

import pytest
from werkzeug.security import check_password_hash

from canaries.content import passwords
from canaries.core.errors import MintError


def test_werkzeug_takes_our_scrypt() -> None:
    made = passwords.scrypt("right", "saltsaltsaltsalt", 1024)
    assert made.startswith("scrypt:1024:8:1$saltsaltsaltsalt$")
    assert check_password_hash(made, "right")
    assert not check_password_hash(made, "wrong")


def test_the_default_cost_is_werkzeugs() -> None:
    made = passwords.scrypt("right", "saltsaltsaltsalt")
    assert made.startswith("scrypt:32768:8:1$")
    assert check_password_hash(made, "right")


def test_werkzeug_takes_our_pbkdf2() -> None:
    made = passwords.pbkdf2_werkzeug("right", "saltsaltsaltsalt", 1000)
    assert made.startswith("pbkdf2:sha256:1000$saltsaltsaltsalt$")
    assert check_password_hash(made, "right")
    assert not check_password_hash(made, "wrong")


def test_pbkdf2_matches_a_published_vector() -> None:
    """RFC 7914, section 11: PBKDF2-HMAC-SHA-256 of "passwd", "salt", 1 iteration (its first 32 bytes)."""
    made = passwords.pbkdf2("passwd", "salt", 1)
    assert made.startswith("pbkdf2_sha256$1$salt$")  # Django's form
    expected = bytes.fromhex("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc")
    assert base64.b64decode(made.rpartition("$")[2]) == expected


def test_scrypt_matches_a_published_vector() -> None:
    """RFC 7914, section 12, N=16384, r=8, p=1."""
    made = passwords.scrypt("pleaseletmein", "SodiumChloride", 16384)
    assert made.rpartition("$")[2].startswith("7023bdcb3afd7348461c06cd81fd38eb")


@pytest.mark.parametrize("cost", [3, 1000, -1, 1 << 40])
def test_scrypt_refuses_a_bad_cost(cost: int) -> None:
    with pytest.raises(MintError, match="cost"):
        passwords.scrypt("p", "s", cost)


@pytest.mark.parametrize("cost", [-5, 10**9])
def test_pbkdf2_refuses_a_bad_cost(cost: int) -> None:
    with pytest.raises(MintError, match="cost"):
        passwords.pbkdf2("p", "s", cost)
