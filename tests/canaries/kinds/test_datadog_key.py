"""A Datadog API key with a host that is a trap: the key's form, and curl as the hint says."""

from __future__ import annotations

import re
from collections.abc import Callable

from canaries.core.model import Bait


def test_the_key_has_its_services_form(mint: Callable[..., Bait]) -> None:
    for number in range(50):
        assert re.fullmatch(r"[0-9a-f]{32}", mint("datadog-key", number=number).tokens[0].value)


def test_tried_as_the_hint_says_the_key_arrives(tried: Callable[[str], tuple[Bait, list[str]]]) -> None:
    bait, requests = tried("datadog-key")
    assert bait.tokens[0].value in " ".join(requests)
