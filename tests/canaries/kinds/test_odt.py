"""OpenDocument texts: LibreOffice fetches the picture; one's own document keeps its text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from canaries.content.packages import pack, unpack
from canaries.core.errors import MintError
from canaries.core.model import Bait
from canaries.kinds import NoOptions, Order
from canaries.kinds.odt import Odt

Mint = Callable[..., Bait]


def own_document(order: Callable[..., Order]) -> bytes:
    made = Odt().mint(order(), NoOptions()).files[0].content
    parts = unpack(made, "document")
    parts["content.xml"] = parts["content.xml"].replace(
        b"</text:h>", b"</text:h><text:p>the quarterly figures</text:p>"
    )
    return pack(parts, "2026-01-01T00:00:00.000000Z", stored_first="mimetype")


def test_libreoffice_calls_when_it_opens_it(
    mint: Mint, listening: Any, libreoffice: Callable[[str, bytes], None]
) -> None:
    bait = mint("odt", base_url=listening.url)
    libreoffice(bait.files[0].path, bait.files[0].content)
    assert any(bait.tokens[0].value in path for _, path, _, _ in listening.seen)


def test_ones_own_file_keeps_what_was_in_it(order: Callable[..., Order]) -> None:
    own = own_document(order)
    bait = Odt().mint(replace(order(), source=own), NoOptions())
    assert "the quarterly figures" in unpack(bait.files[0].content, "document")["content.xml"].decode()
    assert bait.row["url"] in "".join(
        part.decode(errors="replace") for part in unpack(bait.files[0].content, "document").values()
    )


@pytest.mark.parametrize("own", [b"plain text", b"PK\x03\x04rubbish"])
def test_what_is_none_is_refused(order: Callable[..., Order], own: bytes) -> None:
    with pytest.raises(MintError):
        Odt().mint(replace(order(), source=own), NoOptions())
