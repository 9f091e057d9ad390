"""A VNC password: the link tells, the password does not."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_link_holds_the_token_and_the_password(mint: Mint, base_url: str) -> None:
    bait = mint("vnc-password", base_url=base_url)
    assert bait.tokens[0].value in bait.row["url"]
    assert parse_qs(urlsplit(bait.row["url"]).query)["password"] == [bait.row["password"]]
    assert len(bait.row["password"]) == 8, "what DES has room for"


def test_the_password_never_accuses_anybody(mint: Mint) -> None:
    assert [token.facet for token in mint("vnc-password").tokens if token.weak] == ["password"]


@pytest.mark.parametrize(("port", "written"), [(5900, ":0,"), (5903, ":3,"), (6100, "::6100,")])
def test_viewers_take_a_display_or_a_port(mint: Mint, port: int, written: str) -> None:
    bait = mint("vnc-password", ports={"vnc": port})
    assert f"vncviewer {bait.row['host']}{written}" in bait.text
