"""Password hashes in a neighbour's manner, checked with the readers of those who made the schemes."""

from __future__ import annotations

import random
import re

import bcrypt
import pytest
from argon2 import PasswordHasher
from werkzeug.security import check_password_hash, generate_password_hash

from canaries.content.password_hashes import like, phpass, settings_of
from canaries.core.errors import MintError

BCRYPT = "$2b$04$" + "a" * 53
ARGON2 = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("other")
NEIGHBOURS = {
    "$2b$04$": BCRYPT,
    "$2a$04$": BCRYPT.replace("$2b", "$2a"),
    "$2y$04$": BCRYPT.replace("$2b", "$2y"),
    "$argon2id$v=19$m=64,t=1,p=1$": ARGON2,
    "argon2$argon2id$v=19$m=64,t=1,p=1$": f"argon2{ARGON2}",
    "bcrypt_sha256$$2b$04$": f"bcrypt_sha256${BCRYPT}",
    "pbkdf2_sha256$1000$": f"pbkdf2_sha256$1000${'s' * 22}${'A' * 43}=",
    "scrypt$16384$8$5$": f"scrypt${'s' * 22}$16384$8$5${'A' * 86}==",
    "pbkdf2:sha256:1000$": generate_password_hash("other", "pbkdf2:sha256:1000"),
    "scrypt:1024:8:1$": generate_password_hash("other", "scrypt:1024:8:1"),
    "$P$6": "$P$6" + "a" * 30,
    "$wp$2y$04$": "$wp" + BCRYPT.replace("$2b", "$2y"),
}


def draw(alphabet: str, length: int) -> str:
    return "".join(random.Random(3).choice(alphabet) for _ in range(length))


def made(neighbour: str) -> str:
    found = like(neighbour, "tulip-anchor", draw)
    assert found is not None
    return found


@pytest.mark.parametrize(("settings", "neighbour"), NEIGHBOURS.items(), ids=list(NEIGHBOURS))
def test_a_hash_is_of_the_neighbours_scheme_cost_and_length(settings: str, neighbour: str) -> None:
    assert settings_of(neighbour) == settings
    found = made(neighbour)
    assert settings_of(found) == settings
    assert len(found) == len(neighbour)
    assert found != neighbour


@pytest.mark.parametrize("head", ["$2b$", "$2a$", "$2y$"])
def test_bcrypt_reads_it(head: str) -> None:
    found = made(BCRYPT.replace("$2b$", head))
    assert bcrypt.checkpw(b"tulip-anchor", found.encode())
    assert not bcrypt.checkpw(b"other", found.encode())


def test_argon2_reads_it() -> None:
    assert PasswordHasher().verify(made(ARGON2), "tulip-anchor")


@pytest.mark.parametrize("settings", ["pbkdf2:sha256:1000$", "scrypt:1024:8:1$"])
def test_werkzeug_reads_it(settings: str) -> None:
    assert check_password_hash(made(NEIGHBOURS[settings]), "tulip-anchor")


def test_phpass_is_as_published() -> None:
    """The known answer of test.php in Openwall's phpass 0.3."""
    assert phpass("test12345", "$P$9IQRaTwmf") == "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0"


def test_wordpress_hashes_before_bcrypt() -> None:
    """wp_hash_password of 6.8: base64 of HMAC-SHA-384 under the key "wp-sha384"."""
    import base64
    import hmac

    prepared = base64.b64encode(hmac.digest(b"wp-sha384", b"tulip-anchor", "sha384"))
    assert bcrypt.checkpw(prepared, made(NEIGHBOURS["$wp$2y$04$"]).removeprefix("$wp").encode())


@pytest.mark.parametrize("value", ["", "hunter2", "$1$salt$hash", "scrypt$x", "{SSHA}abc", "5f4dcc3b5aa765"])
def test_an_unknown_scheme_is_not_imitated(value: str) -> None:
    assert settings_of(value) == ""
    assert like(value, "x", draw) is None


@pytest.mark.parametrize(
    "value",
    [
        BCRYPT.replace("$04$", "$31$"),
        "$argon2id$v=19$m=99999999,t=1,p=1$c2FsdHNhbHQ$aGFzaA",
        "pbkdf2_sha256$99999999999$s$h=",
        f"scrypt:{1 << 40}:8:1$s$00",
        "$P$z" + "a" * 30,
    ],
)
def test_an_absurd_cost_is_refused_before_anything_is_computed(value: str) -> None:
    with pytest.raises(MintError, match="out of all bounds"):
        like(value, "x", draw)


def test_no_two_hashes_share_their_salt() -> None:
    chance = random.Random(4)
    fresh = {
        like(
            NEIGHBOURS["scrypt:1024:8:1$"], "x", lambda abc, n: "".join(chance.choice(abc) for _ in range(n))
        )
        for _ in range(20)
    }
    assert len(fresh) == 20
    assert all(re.fullmatch(r"scrypt:1024:8:1\$\w{16}\$[0-9a-f]{128}", str(one)) for one in fresh)
