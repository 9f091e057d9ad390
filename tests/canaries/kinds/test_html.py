"""The saved page: it names our places, and one's own page keeps its words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from canaries.core.errors import MintError
from canaries.core.model import Bait
from canaries.kinds import NoOptions, Order
from canaries.kinds.html import Html

Mint = Callable[..., Bait]


def test_the_page_loads_from_us_and_runs_nothing(mint: Mint) -> None:
    bait = mint("html")
    assert bait.text.count(bait.tokens[0].value) == 2
    assert "<script" not in bait.text.lower()


def test_ones_own_page_keeps_its_words(order: Callable[..., Order]) -> None:
    own = b"<html><body><p>the quarterly figures</p></body></html>"
    bait = Html().mint(replace(order(), source=own), NoOptions())
    assert "<p>the quarterly figures</p>" in bait.text
    assert bait.text.index(bait.row["url"]) < bait.text.index("</body>")


def test_what_is_no_page_is_refused(order: Callable[..., Order]) -> None:
    with pytest.raises(MintError, match="is not a web page"):
        Html().mint(replace(order(), source=b"words"), NoOptions())
