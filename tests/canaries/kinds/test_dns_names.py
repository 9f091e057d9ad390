"""A name of our own: under the base URL's host, else in the catch domain, else refused."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from canaries.core.errors import MintError
from canaries.crypto.seeded_random import SeededRandom
from canaries.kinds import Order
from canaries.kinds._dns_names import own_name

ORDER = Order(
    stream=SeededRandom(b"s" * 32),
    base_url="https://{label}.harbour-view.net:8443", domain="Quiet-Post.net", locale="en_US",
    created_at="2026-11-22T12:00:00.000000Z",
)  # fmt: skip


def test_under_the_base_urls_host_where_that_has_a_label() -> None:
    token = own_name(ORDER)
    assert (token.facet, token.folds) == ("host", True)
    assert token.value.endswith(".harbour-view.net")
    assert len(token.value.split(".")[0]) == 21


def test_in_the_catch_domain_otherwise() -> None:
    token = own_name(replace(ORDER, base_url="http://192.0.2.7"))
    assert token.value.endswith(".quiet-post.net")
    assert len(token.value.split(".")[0]) == 21
    assert token.value[0].isalpha()


def test_another_purpose_gives_another_name() -> None:
    assert own_name(ORDER, "one") != own_name(ORDER, "other")


def test_without_a_domain_there_is_no_such_bait() -> None:
    with pytest.raises(MintError, match="domain"):
        own_name(replace(ORDER, base_url="http://192.0.2.7", domain=""))
