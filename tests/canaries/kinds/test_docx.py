"""Word documents: LibreOffice fetches the picture; one's own document keeps its text."""

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
from canaries.kinds.docx import Docx

Mint = Callable[..., Bait]


def own_document() -> bytes:
    import docx

    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph("the quarterly figures")
    document.save(out)
    return out.getvalue()


def text_of(content: bytes) -> str:
    import docx

    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


def test_libreoffice_calls_when_it_opens_it(
    mint: Mint, listening: Any, libreoffice: Callable[[str, bytes], None]
) -> None:
    bait = mint("docx", base_url=listening.url)
    libreoffice(bait.files[0].path, bait.files[0].content)
    assert any(bait.tokens[0].value in path for _, path, _, _ in listening.seen)


def test_ones_own_file_keeps_what_was_in_it(order: Callable[..., Order]) -> None:
    own = own_document()
    bait = Docx().mint(replace(order(), source=own), NoOptions())
    assert "the quarterly figures" in text_of(bait.files[0].content)
    assert bait.row["url"] in "".join(
        part.decode(errors="replace") for part in unpack(bait.files[0].content, "document").values()
    )


@pytest.mark.parametrize("own", [b"plain text", b"PK\x03\x04rubbish"])
def test_what_is_none_is_refused(order: Callable[..., Order], own: bytes) -> None:
    with pytest.raises(MintError):
        Docx().mint(replace(order(), source=own), NoOptions())
