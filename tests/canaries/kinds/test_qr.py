"""The QR code: a picture of the URL, which a reader of codes gets back."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from canaries.core.model import Bait
from tests import steady
from tests.programs import needs

Mint = Callable[..., Bait]


@needs("zbarimg")
def test_a_reader_gets_the_url(mint: Mint, tmp_path: Path) -> None:
    bait = mint("qr", {"form": "png"})
    path = tmp_path / "code.png"
    path.write_bytes(bait.files[0].content)
    done = subprocess.run(
        ["zbarimg", "-q", "--raw", str(path)],
        capture_output=True,
        text=True,
        timeout=steady.PATIENCE,
        check=True,
    )
    assert done.stdout.strip() == bait.row["url"]


@pytest.mark.parametrize(("form", "head"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_both_forms(mint: Mint, form: str, head: bytes) -> None:
    file = mint("qr", {"form": form}).files[0]
    assert file.content.startswith(head)
    assert file.path.endswith(f".{form}")


def test_an_absurd_size_is_refused(mint: Mint) -> None:
    with pytest.raises(ValueError, match="scale"):
        mint("qr", {"scale": 1000})
