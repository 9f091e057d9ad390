"""The JWT: well formed, its issuer ours."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def parts(token: str) -> list[Any]:
    head, claims, _ = token.split(".")
    return [json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in (head, claims)]


def test_head_and_claims_are_those_of_a_service(mint: Mint, base_url: str) -> None:
    bait = mint("jwt", base_url=base_url)
    head, claims = parts(bait.tokens[0].value)
    assert head["alg"] == "HS256"
    assert claims["iss"] == bait.row["url"] + "/"
    assert claims["iat"] < claims["exp"]


def test_tried_as_the_hint_says_the_token_arrives(tried: Callable[[str], tuple[Bait, list[str]]]) -> None:
    bait, requests = tried("jwt")
    assert bait.tokens[0].value in " ".join(requests)
