"""The GitHub token, with right check sums."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Callable
from typing import Any

import pytest
import requests

from canaries.core.model import Bait
from tests import steady

Mint = Callable[..., Bait]


def test_classic_tokens_carry_their_crc(mint: Mint) -> None:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    for number in range(200):
        secret = mint("github-token", number=number).tokens[0].value
        assert re.fullmatch(r"ghp_[A-Za-z0-9]{36}", secret)
        value = 0
        for digit in secret[34:]:
            value = value * 62 + digits.index(digit)
        assert value == zlib.crc32(secret[4:34].encode())


def test_fine_grained_tokens_carry_their_sha256(mint: Mint) -> None:
    secret = mint("github-token", {"style": "fine-grained"}).tokens[0].value
    assert re.fullmatch(r"github_pat_11[A-Z2-7]{7}0[A-Za-z0-9]{12}_[A-Za-z0-9]{59}", secret)
    assert len(secret) == 93
    assert secret[77:85] == base64.b32encode(hashlib.sha256(secret[:77].encode()).digest())[:8].decode()


@pytest.mark.parametrize("style", ["classic", "fine-grained"])
def test_used_as_the_api_wants_it_the_token_comes_in_clear(mint: Mint, listening: Any, style: str) -> None:
    bait = mint("github-token", {"style": style}, base_url=listening.url)
    lines = dict(line.split("=", 1) for line in bait.text.splitlines())
    headers = {"Authorization": f"token {lines['GITHUB_TOKEN']}"}
    requests.get(f"{lines['GITHUB_API_URL']}/user", headers=headers, timeout=steady.PATIENCE)
    ((_, path, seen, _),) = listening.seen
    assert path == f"/{bait.tokens[1].value}/api/v3/user"
    assert seen["authorization"] == f"token {bait.tokens[0].value}"
