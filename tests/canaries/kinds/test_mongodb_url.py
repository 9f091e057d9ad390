"""The MongoDB URL, read by the real driver."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pymongo.uri_parser import parse_uri

from canaries.core.errors import MintError
from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_driver_is_asked_for_the_password_in_clear(mint: Mint) -> None:
    bait = mint("mongodb-url", {"port": 27018})
    found = parse_uri(bait.text.strip().removeprefix("MONGODB_URI="))
    assert found["nodelist"] == [(bait.row["host"], 27018)]
    assert (found["username"], found["password"]) == (bait.row["user"], bait.tokens[0].value)
    assert found["database"] == bait.row["database"]
    assert (found["options"]["authMechanism"], found["options"]["authSource"]) == ("PLAIN", "$external")


def test_with_the_default_mechanism_the_user_tells(mint: Mint) -> None:
    bait = mint("mongodb-url", {"mechanism": "default"})
    found = parse_uri(bait.row["url"])
    assert "authMechanism" not in found["options"]
    assert ("user", found["username"]) in [(token.facet, token.value) for token in bait.tokens]


def test_a_user_of_ones_own_may_be_named_with_the_default_mechanism_too(mint: Mint) -> None:
    bait = mint("mongodb-url", {"mechanism": "default", "user": "letters"})
    assert [token.facet for token in bait.tokens] == ["password", "host"]
    with pytest.raises(MintError):
        mint("mongodb-url", {"user": "a@b"})
