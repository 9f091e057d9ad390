"""The Windows folder: one icon, at our place, in a form WebDAV reaches."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from canaries.core.model import Bait

Mint = Callable[..., Bait]


@pytest.mark.parametrize(
    ("base_url", "server"),
    [
        ("https://{label}.harbour-view.net", ".harbour-view.net\\icons"),
        ("http://192.0.2.7:8080", "192.0.2.7@8080\\"),
    ],
)
def test_the_icon_lies_with_us(mint: Mint, base_url: str, server: str) -> None:
    bait = mint("windows-folder", base_url=base_url)
    assert server in bait.text
    assert bait.tokens[0].value in bait.text


def test_the_zip_holds_the_same_file(mint: Mint) -> None:
    bait = mint("windows-folder")
    loose, packed = bait.files
    with zipfile.ZipFile(io.BytesIO(packed.content)) as package:
        assert package.read(loose.path) == loose.content
