"""The decoy path: in robots.txt, in the sitemap, and in the redirect that brings its visitors here."""

from __future__ import annotations

import re
from collections.abc import Callable

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_path_and_redirect_belong_together(mint: Mint) -> None:
    bait = mint("robots")
    path = bait.row["path"]
    assert f"Disallow: {path}\n" in bait.text
    assert f"location {path} {{ return 302 {bait.row['url']}; }}" in bait.text
    assert bait.row["url"].endswith(path)


def test_the_sitemap_is_well_formed(mint: Mint) -> None:
    bait = mint("robots")
    locations = re.findall("<loc>(.*?)</loc>", bait.files[1].content.decode())
    assert locations == [bait.row["url"]]
