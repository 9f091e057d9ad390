"""The tracking URL."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from canaries.core.errors import MintError
from canaries.core.model import Bait
from canaries.protocols.redirect_links import redirect_query, redirect_target

Mint = Callable[..., Bait]


def test_a_page_is_the_bare_site(mint: Mint) -> None:
    bait = mint("url", base_url="https://{label}.harbour-view.net")
    (token,) = bait.tokens
    assert bait.text == f"https://{token.value}/\n"
    assert (token.facet, token.folds) == ("host", True)


def test_without_a_host_label_the_path_tells(mint: Mint) -> None:
    bait = mint("url", base_url="http://192.0.2.7:8080")
    (token,) = bait.tokens
    assert token.facet == "path"
    assert bait.text == f"http://192.0.2.7:8080/gateway/s/{token.value}/\n"


def test_a_pixel_is_an_image_tag(mint: Mint, base_url: str) -> None:
    bait = mint("url", {"mode": "pixel"}, base_url=base_url)
    assert bait.text == f'<img src="{bait.row["url"]}" width="1" height="1" alt="">\n'
    assert bait.row["url"].endswith(".gif")
    assert bait.tokens[0].value in bait.row["url"]


@pytest.mark.parametrize("to", ["https://intranet.harbour-view.net/a?b=c&d=%20#e", "http://10.0.0.1:81/x"])
def test_a_redirect_carries_its_signed_target(mint: Mint, base_url: str, to: str) -> None:
    bait = mint("url", {"mode": "redirect", "to": to}, base_url=base_url)
    query = urlsplit(bait.row["url"]).query
    assert query == redirect_query(b"k" * 32, to)
    assert redirect_target(b"k" * 32, query) == to
    assert redirect_target(b"o" * 32, query) is None


@pytest.mark.parametrize(
    "to",
    [
        "",
        "/relative",
        "javascript:alert(1)",
        "ftp://a/b",
        "https://",
        "http://a/\r\nb",
        "http://a b/",
        "http://[a",
        "http://a/" + "a" * 2000,
        "http://a/" + "\N{GRINNING FACE}" * 1900,  # 22,800 characters once encoded
    ],
)
def test_a_bad_target_is_refused(mint: Mint, to: str) -> None:
    with pytest.raises(MintError):
        mint("url", {"mode": "redirect", "to": to})


def test_a_target_without_redirect_is_a_mistake(mint: Mint) -> None:
    with pytest.raises(MintError, match="redirect"):
        mint("url", {"to": "https://intranet.harbour-view.net/"})
