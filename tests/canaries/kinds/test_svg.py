"""The drawing: well-formed, it names our place, and one's own keeps its lines."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from canaries.core.errors import MintError
from canaries.core.model import Bait
from canaries.kinds import NoOptions, Order
from canaries.kinds.svg import Svg

Mint = Callable[..., Bait]


def test_it_is_well_formed_and_runs_nothing(mint: Mint) -> None:
    bait = mint("svg")
    root = ElementTree.fromstring(bait.text)
    images = root.findall("{http://www.w3.org/2000/svg}image")
    assert [image.get("href") for image in images] == [bait.row["url"]]
    assert "script" not in bait.text


def test_ones_own_drawing_keeps_its_lines(order: Callable[..., Order]) -> None:
    own = b'<svg xmlns="http://www.w3.org/2000/svg"><line x1="1"/></svg>'
    bait = Svg().mint(replace(order(), source=own), NoOptions())
    assert '<line x1="1"/>' in bait.text
    assert bait.row["url"] in bait.text


def test_what_is_no_drawing_is_refused(order: Callable[..., Order]) -> None:
    with pytest.raises(MintError, match="is not an SVG"):
        Svg().mint(replace(order(), source=b"words"), NoOptions())
