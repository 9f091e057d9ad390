"""gh's hosts.yml: the token's sum, one host, one user."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable

from canaries.content.checksums import base62
from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_token_ends_in_its_sum(mint: Mint) -> None:
    for number in range(50):
        found = re.fullmatch(
            r"gho_([A-Za-z0-9]{30})([A-Za-z0-9]{6})", mint("gh-hosts", number=number).tokens[0].value
        )
        assert found
        assert found[2] == base62(zlib.crc32(found[1].encode()), 6)


def test_the_host_is_the_first_key(mint: Mint, base_url: str) -> None:
    bait = mint("gh-hosts", base_url=base_url)
    assert bait.text.startswith(bait.row["host"].partition(":")[0] + ":\n")
    assert bait.text.count(bait.tokens[0].value) == 2


def test_tried_as_the_hint_says_the_token_arrives(tried: Callable[[str], tuple[Bait, list[str]]]) -> None:
    bait, requests = tried("gh-hosts")
    assert bait.tokens[0].value in " ".join(requests)
