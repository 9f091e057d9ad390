"""The webhook: the path of Slack's own form."""

from __future__ import annotations

import re
from collections.abc import Callable

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_path_has_slacks_form(mint: Mint) -> None:
    for number in range(50):
        webhook = mint("webhook-url", number=number).row["webhook"]
        assert re.search(r"/services/T[A-Z0-9]{10}/B[A-Z0-9]{10}/[A-Za-z0-9]{24}$", webhook)


def test_tried_as_the_hint_says_the_token_arrives(tried: Callable[[str], tuple[Bait, list[str]]]) -> None:
    bait, requests = tried("webhook-url")
    assert bait.tokens[0].value in " ".join(requests)
