"""A verifier tells the right secret from a wrong one, by answers that a real driver makes, and is not the secret."""

from __future__ import annotations

import pytest

from canaries.core.model import Token
from canaries.crypto.verifiers import (
    answers_mysql,
    answers_scram,
    answers_vnc,
    shown_in_clear,
    verifiers,
)

SECRET, SALT = "kQ3v9sLr2Xw8Tn5Bz7Yc", bytes(range(1, 21))
HELD = verifiers([Token("user", "app"), Token("password", SECRET)], ["mysql"])


@pytest.mark.parametrize("scheme", ["scramble_native_password", "scramble_caching_sha2"])
def test_mysql_as_pymysql_answers(scheme: str) -> None:
    from pymysql import _auth

    make = getattr(_auth, scheme)
    assert answers_mysql(HELD, SALT + b"\0", make(SECRET.encode(), SALT)) is True
    assert answers_mysql(HELD, SALT, make(b"not the password", SALT)) is False
    assert answers_mysql(HELD, SALT[::-1], make(SECRET.encode(), SALT)) is False, "of another connection"


def test_in_clear() -> None:
    assert shown_in_clear(HELD, SECRET) is True
    assert shown_in_clear(HELD, "\udcff") is False
    assert shown_in_clear({}, SECRET) is None


def test_what_cannot_be_said_is_not_said() -> None:
    assert answers_mysql({}, SALT, bytes(20)) is answers_mysql(HELD, b"short", bytes(20)) is None
    assert answers_mysql(HELD, SALT, b"8 bytes.") is None
    assert "mysql_native_password" not in verifiers([Token("password", SECRET)], ["redis"])


def test_a_secret_that_could_be_found_from_its_hash_has_none() -> None:
    assert verifiers([Token("password", "8 chars!")], ["redis"]) == {}
    assert SECRET not in str(HELD)


def test_of_several_secrets_any_is_right() -> None:
    both = verifiers([Token("password", SECRET), Token("token", SECRET[::-1])], ["mysql"])
    assert set(both) == {"clear"}, "which of them a protocol asks for is not known"
    assert shown_in_clear(both, SECRET) is shown_in_clear(both, SECRET[::-1]) is True
    assert shown_in_clear(both, "guess") is False


def test_a_viewers_key_is_the_password_so_it_is_all_there_is_of_it() -> None:
    assert set(verifiers([Token("password", "8 chars!")], ["vnc"])) == {"vnc"}
    assert answers_vnc({}, bytes(16), bytes(16)) is None


def test_a_scram_proof_asked_with_another_users_salt_says_nothing() -> None:
    kept = verifiers([Token("password", SECRET)], ["mongodb"], user="app", front_key=bytes(32))
    assert answers_scram(kept, "SCRAM-SHA-256", b"other", 15_000, b"", bytes(32)) is None
    assert answers_scram({}, "SCRAM-SHA-256", b"other", 15_000, b"", bytes(32)) is None
    assert SECRET not in str(kept)
