"""A hit says whether the right secret was shown, a wrong one for this user, or an answer that was heard before."""

from __future__ import annotations

from typing import Any

from canaries.installation.home import Home
from canaries.mint import minting
from listener.evidence.sighting import Sighting
from listener.facts.derive import load
from listener.incidents import proofs, queries
from listener.ingest.intake import Intake
from tests.listener.ingest.test_conversations import said
from tests.listener.proofs.test_challenges import mysql


def shown(home: Home, *batch: Sighting) -> list[proofs.Proof | None]:
    Intake(home, load(home)).ingest(batch, "s", 1)
    checks = proofs.ProofChecks(home)
    return [checks.of(hit) for hit in queries.hits(home, parts=True)]


def at_mysql(number: int, notes: dict[str, Any]) -> Sighting:
    return said(number, "login", connection=number, trap="mysql", notes={"request": "login", **notes})


def unique(home: Home) -> tuple[str, str]:
    (bait,) = minting.mint(home, "mysql", options={"unique_user": "true"})
    by = {token.facet: token.value for token in bait.bait.tokens}
    return by["user"], by["password"]


def test_the_right_one_a_wrong_one_and_one_that_was_copied(home: Home) -> None:
    user, password = unique(home)
    plugin = "caching_sha2_password"
    right = {**mysql(password, plugin), "user": user}
    found = shown(
        home,
        at_mysql(1, right),
        at_mysql(2, {**mysql("guess", plugin), "user": user}),
        at_mysql(3, {**right, "challenge": "ff" * 20}),
        at_mysql(4, {"user": user, "password": "guess"}),
        at_mysql(5, {"user": user, "password": password}),
        at_mysql(6, {"user": user}),
    )
    assert [(one.verdict, one.how) if one else None for one in found] == [
        ("right", "MySQL scramble"),
        ("wrong", "MySQL scramble"),
        ("replayed", "MySQL scramble"),
        ("wrong", "in clear"),
        ("right", "in clear"),
        None,
    ]
    first = next(iter(queries.hits(home)))
    assert str(found[2]).endswith(f"first in hit {first.id}")
    assert found[0] is not None
    assert found[0].as_dict() == {"verdict": "right", "how": "MySQL scramble", "because": ""}


def test_what_only_an_erased_record_could_say_is_not_checked(home: Home) -> None:
    from sqlalchemy import update

    from canaries.core import store

    user, _ = unique(home)
    sighting = at_mysql(1, {**mysql("guess", "mysql_native_password"), "user": user})
    Intake(home, load(home)).ingest([sighting], "s", 1)
    with home.store.write() as connection:
        connection.execute(update(store.canary).values(sealed=None))
    (hit,) = queries.hits(home)
    found = proofs.ProofChecks(home).of(hit)
    assert found is not None
    assert (found.verdict, "erased" in str(found)) == ("unchecked", True)
