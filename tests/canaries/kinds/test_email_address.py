"""The unique e-mail address."""

from __future__ import annotations

from collections.abc import Callable
from email.headerregistry import Address

import pytest

from canaries.core.errors import MintError
from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_it_is_an_address_in_the_catch_domain(mint: Mint) -> None:
    for number in range(20):
        bait = mint("email-address", number=number)
        (token,) = bait.tokens
        assert (token.facet, token.folds) == ("email", True)
        assert bait.text == f"{token.value}\n"
        address = Address(addr_spec=token.value)
        assert address.domain == "quiet-post.net"
        assert len(address.username) <= 64  # RFC 5321, section 4.5.3.1.1


def test_without_a_catch_domain_there_is_none(mint: Mint) -> None:
    with pytest.raises(MintError, match="domain") as caught:
        mint("email-address", domain="")
    assert "bait.domain" in (caught.value.hint or "")


def test_it_has_a_name_to_go_with_it(mint: Mint) -> None:
    row = mint("email-address", {"locale": "de_DE"}).row
    assert row["name"] == f"{row['first_name']} {row['last_name']}"
