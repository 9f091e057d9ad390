"""A SendGrid key with an API base that leads to a trap: the key's form, and curl as the hint says."""

from __future__ import annotations

import re
from collections.abc import Callable

from canaries.core.model import Bait


def test_the_key_has_its_services_form(mint: Callable[..., Bait]) -> None:
    for number in range(50):
        assert re.fullmatch(r"SG\.[\w-]{22}\.[\w-]{43}", mint("sendgrid-key", number=number).tokens[0].value)


def test_tried_as_the_hint_says_the_key_arrives(tried: Callable[[str], tuple[Bait, list[str]]]) -> None:
    bait, requests = tried("sendgrid-key")
    assert bait.tokens[0].value in " ".join(requests)
