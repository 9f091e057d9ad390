"""Excel workbooks: LibreOffice fetches the picture; one's own workbook keeps its cells."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from canaries.content.packages import unpack
from canaries.core.errors import MintError
from canaries.core.model import Bait
from canaries.kinds import NoOptions, Order
from canaries.kinds.xlsx import Xlsx

Mint = Callable[..., Bait]


def own_workbook() -> bytes:
    import openpyxl

    workbook, out = openpyxl.Workbook(), io.BytesIO()
    workbook.active["A1"] = "the quarterly figures"
    workbook.save(out)
    return out.getvalue()


def text_of(content: bytes) -> str:
    import openpyxl

    return str(openpyxl.load_workbook(io.BytesIO(content)).active["A1"].value)


def test_libreoffice_calls_when_it_opens_it(
    mint: Mint, listening: Any, libreoffice: Callable[[str, bytes], None]
) -> None:
    bait = mint("xlsx", base_url=listening.url)
    libreoffice(bait.files[0].path, bait.files[0].content)
    assert any(bait.tokens[0].value in path for _, path, _, _ in listening.seen)


def test_ones_own_file_keeps_what_was_in_it(order: Callable[..., Order]) -> None:
    own = own_workbook()
    bait = Xlsx().mint(replace(order(), source=own), NoOptions())
    assert "the quarterly figures" in text_of(bait.files[0].content)
    assert bait.row["url"] in "".join(
        part.decode(errors="replace") for part in unpack(bait.files[0].content, "document").values()
    )


@pytest.mark.parametrize("own", [b"plain text", b"PK\x03\x04rubbish"])
def test_what_is_none_is_refused(order: Callable[..., Order], own: bytes) -> None:
    with pytest.raises(MintError):
        Xlsx().mint(replace(order(), source=own), NoOptions())
