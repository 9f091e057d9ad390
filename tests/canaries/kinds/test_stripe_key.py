"""The Stripe key pair."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import requests

from canaries.core.model import Bait
from tests import steady

Mint = Callable[..., Bait]


def test_the_pair_has_stripes_form_and_one_account(mint: Mint, base_url: str) -> None:
    bait = mint("stripe-key", base_url=base_url)
    secret, publishable = (token.value for token in bait.tokens[:2])
    assert re.fullmatch(r"sk_live_51[A-Za-z0-9]{97}", secret)
    assert re.fullmatch(r"pk_live_51[A-Za-z0-9]{97}", publishable)
    assert secret[10:24] == publishable[10:24]
    assert secret[24:] != publishable[24:]


def test_used_as_the_api_wants_it_the_key_comes_in_clear(mint: Mint, listening: Any) -> None:
    bait = mint("stripe-key", base_url=listening.url)
    lines = dict(line.split("=", 1) for line in bait.text.splitlines())
    requests.get(
        f"{lines['STRIPE_API_BASE']}/v1/balance",
        headers={"Authorization": f"Bearer {lines['STRIPE_SECRET_KEY']}"},
        timeout=steady.PATIENCE,
    )
    ((_, path, headers, _),) = listening.seen
    assert path == f"/{bait.tokens[2].value}/v1/balance"
    assert headers["authorization"] == f"Bearer {bait.tokens[0].value}"
