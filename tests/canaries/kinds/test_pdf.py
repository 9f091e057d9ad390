"""The PDF: a visible link and a code, no hidden action, no trace of what made it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pypdf

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def page(bait: Bait) -> pypdf.PageObject:
    return pypdf.PdfReader(io.BytesIO(bait.files[0].content)).pages[0]


def test_the_link_is_visible_and_can_be_followed(mint: Mint) -> None:
    bait = mint("pdf")
    found = page(bait)
    assert bait.row["url"] in found.extract_text()
    annotations: Any = found["/Annots"]
    links = [item.get_object()["/A"]["/URI"] for item in annotations]
    assert links == [bait.row["url"]]


def test_no_action_is_hidden_in_it(mint: Mint) -> None:
    content = mint("pdf").files[0].content
    for action in (b"/OpenAction", b"/AA", b"/JavaScript", b"/SubmitForm", b"/Launch", b"/GoToR"):
        assert action not in content


def test_nothing_says_what_made_it_or_when(mint: Mint) -> None:
    for number in range(10):
        bait = mint("pdf", number=number)
        content = bait.files[0].content
        assert b"reportlab" not in content.lower()
        dates = re.findall(rb"D:(\d{14})", content)
        assert dates
        assert all(b"20260301" < date < b"20261122" for date in dates)
        assert page(bait)
