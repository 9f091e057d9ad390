"""The GitLab token: both forms, the routable one with its sum."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_classic_form(mint: Mint) -> None:
    for number in range(50):
        assert re.fullmatch(r"glpat-[\w-]{20}", mint("gitlab-token", number=number).tokens[0].value)


def test_the_routable_form_carries_its_length_and_sum(mint: Mint) -> None:
    for number in range(50):
        secret = mint("gitlab-token", {"style": "routable"}, number=number).tokens[0].value
        found = re.fullmatch(r"glpat-([\w-]{27,300})\.01\.([0-9a-z]{2})([0-9a-z]{7})", secret)
        assert found
        payload, length, sum_ = found.groups()
        assert int(length, 36) == len(payload)
        assert int(sum_, 36) == zlib.crc32(secret[:-7].encode())
        plain = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        assert plain.startswith(b"o:1\nu:")
        assert plain[-1] == 16


def test_tried_as_the_hint_says_the_token_arrives(tried: Callable[[str], tuple[Bait, list[str]]]) -> None:
    bait, requests = tried("gitlab-token")
    assert bait.tokens[0].value in " ".join(requests)
