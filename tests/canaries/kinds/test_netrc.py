""".netrc: the standard library reads it as its clients do."""

from __future__ import annotations

import netrc
from collections.abc import Callable
from pathlib import Path

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_entry_is_found_for_the_host(mint: Mint, base_url: str, tmp_path: Path) -> None:
    bait = mint("netrc", base_url=base_url)
    path = tmp_path / ".netrc"
    path.write_bytes(bait.files[0].content)
    path.chmod(0o600)
    entry = netrc.netrc(str(path)).authenticators(bait.row["host"].partition(":")[0])
    assert entry is not None
    assert entry[2] == bait.tokens[0].value


def test_tried_as_the_hint_says_the_token_arrives(tried: Callable[[str], tuple[Bait, list[str]]]) -> None:
    bait, requests = tried("netrc")
    assert bait.tokens[0].value in " ".join(requests)
