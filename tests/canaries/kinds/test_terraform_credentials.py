"""Terraform's credentials file and the module that makes it call."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_token_is_kept_for_the_host_that_the_module_names(mint: Mint, base_url: str) -> None:
    bait = mint("terraform-credentials", base_url=base_url)
    ((host, entry),) = json.loads(bait.files[0].content)["credentials"].items()
    assert entry["token"] == bait.tokens[0].value
    source = re.search(r'source  = "([^"]+)"', bait.files[1].content.decode())
    assert source is not None
    assert source[1].split("/")[0] == host == bait.row["host"]
    assert len(source[1].split("/")) == 4


def test_tokens_have_hashicorps_form(mint: Mint) -> None:
    assert re.fullmatch(
        r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9]{67}", mint("terraform-credentials").row["token"]
    )
