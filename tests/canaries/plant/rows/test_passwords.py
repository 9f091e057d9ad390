"""What stands where the neighbours keep passwords."""

from __future__ import annotations

import random

import bcrypt
import pytest
from werkzeug.security import check_password_hash, generate_password_hash

from canaries.core.errors import PlantError
from canaries.plant.rows.passwords import password_for

BAIT = {"password": "tulip-k3v9-anchor"}
NEIGHBOUR = generate_password_hash("other", "scrypt:1024:8:1")


def test_among_hashes_none_opens_the_account() -> None:
    found = password_for("password", BAIT, [NEIGHBOUR], random.Random(1))
    assert found is not None
    value, source, of_bait = found
    assert value.startswith("scrypt:1024:8:1$")
    assert not check_password_hash(value, BAIT["password"])
    assert "no password opens" in source
    assert not of_bait


def test_a_hash_that_was_asked_for_is_planted() -> None:
    own = {"password_hash": generate_password_hash(BAIT["password"], "scrypt:1024:8:1")}
    assert password_for("password", own, [NEIGHBOUR], random.Random(1)) == (
        own["password_hash"],
        "the bait's password_hash",
        True,
    )


@pytest.mark.parametrize("method", ["scrypt:2048:8:1", "pbkdf2:sha256:10"])
def test_another_scheme_or_cost_is_refused(method: str) -> None:
    own = {"password_hash": generate_password_hash("x", method)}
    with pytest.raises(PlantError, match="the bait's is") as caught:
        password_for("password", own, [NEIGHBOUR], random.Random(1))
    assert own["password_hash"] not in caught.value.sentence


def test_clear_text_among_clear_text_and_nothing_where_nobody_lives() -> None:
    assert password_for("password", BAIT, ["hunter2"], random.Random(1)) == (
        BAIT["password"],
        "the bait's password",
        True,
    )
    assert password_for("password_digest", BAIT, [], random.Random(1)) is None
    assert password_for("password_digest", {}, [None], random.Random(1)) is None


def test_long_texts_of_an_unknown_sort_are_no_clear_text() -> None:
    assert password_for("password", BAIT, ["5f4dcc3b5aa765d61d8327deb882cf99" * 2], random.Random(1)) is None


@pytest.mark.parametrize("head", ["$2a$04$", "$2b$04$", "$2y$04$"])
def test_f10_among_bcrypt_hashes_a_bait_is_planted_without_asking_for_anything(head: str) -> None:
    neighbour = head + bcrypt.hashpw(b"other", bcrypt.gensalt(4)).decode()[7:]
    found = password_for("password_hash", BAIT, [neighbour], random.Random(1))
    assert found is not None
    assert found[0].startswith(head)
    assert len(found[0]) == len(neighbour)
