"""The subscription: as a browser gives it, and one with which a real sender can encrypt."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from canaries.core.model import Bait
from canaries.protocols.push_endpoints import decoded, genuine, subscription_keys

Mint = Callable[..., Bait]


def test_it_is_what_a_browser_gives(mint: Mint, base_url: str) -> None:
    bait = mint("push-subscription", base_url=base_url)
    found = json.loads(bait.text)
    assert list(found) == ["endpoint", "expirationTime", "keys"]
    assert found["endpoint"].startswith("https://")
    assert found["expirationTime"] is None
    point = decoded(found["keys"]["p256dh"])
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    assert len(decoded(found["keys"]["auth"])) == 16
    values = {token.facet: token.value for token in bait.tokens if not token.weak}
    assert found["endpoint"].endswith(f"/wpush/v2/{values['push_endpoint']}")
    assert (values["push_key"], values["push_auth"]) == (found["keys"]["p256dh"], found["keys"]["auth"])
    assert bait.tokens[0].facet == "push_endpoint"


def test_its_keys_are_those_that_the_back_makes_again(mint: Mint) -> None:
    bait = mint("push-subscription")
    token = bait.tokens[0].value
    assert genuine(b"k" * 32, token)
    assert subscription_keys(bytes(32), token).public == decoded(bait.row["p256dh"])


def test_no_two_are_alike_and_the_same_order_gives_the_same(mint: Mint) -> None:
    first, again, second = (mint("push-subscription", number=number) for number in (1, 1, 2))
    assert first == again
    assert not {token.value for token in first.tokens} & {token.value for token in second.tokens}


@pytest.mark.parametrize("form", ["csv", "sql"])
def test_a_row_for_a_table(mint: Mint, form: str) -> None:
    bait = mint("push-subscription", {"form": form})
    wanted = (bait.row["endpoint"], bait.row["p256dh"], bait.row["auth"])
    if form == "csv":
        assert tuple(next(csv.reader([bait.text]))) == wanted
        return
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE push_subscriptions (endpoint TEXT, p256dh TEXT, auth TEXT)")
        database.executescript(bait.text)
        assert database.execute("SELECT * FROM push_subscriptions").fetchone() == wanted
    database.close()


def test_the_hint_sends_to_the_endpoint(tried: Callable[[str], tuple[Bait, list[str]]]) -> None:
    bait, requests = tried("push-subscription")
    assert bait.tokens[0].value in requests[0]
    assert "'ttl': '60'" in requests[0]
