"""OpenDocument texts: LibreOffice fetches the picture; one's own document keeps its text."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from canaries.errors import MintError
from canaries.kinds import NoOptions, Order
from canaries.kinds.odt import Odt
from canaries.model import Bait

Mint = Callable[..., Bait]


def own_document(order: Callable[..., Order]) -> bytes:
    made = Odt().mint(order(), NoOptions()).files[0].content
    from canaries.packages import pack, unpack

    parts = unpack(made, "document")
    parts["content.xml"] = parts["content.xml"].replace(
        b"</text:h>", b"</text:h><text:p>the quarterly figures</text:p>"
    )
    return pack(parts, "2026-01-01T00:00:00.000000Z", stored_first="mimetype")


def converted(content: bytes, tmp_path: Path) -> None:
    """Let LibreOffice open it, as whoever found it would."""
    path = tmp_path / "found.odt"
    path.write_bytes(content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, capture_output=True, timeout=100, check=False)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice")
def test_libreoffice_calls_when_it_opens_it(mint: Mint, listening: Any, tmp_path: Path) -> None:
    bait = mint("odt", base_url=listening.url)
    converted(bait.files[0].content, tmp_path)
    assert any(bait.tokens[0].value in path for _, path, _, _ in listening.seen)


def test_ones_own_file_keeps_what_was_in_it(order: Callable[..., Order]) -> None:
    own = own_document(order)
    bait = Odt().mint(replace(order(), source=own), NoOptions())
    assert "the quarterly figures" in unzipped(bait.files[0].content).decode()
    assert bait.row["url"].encode() in unzipped(bait.files[0].content)


@pytest.mark.parametrize("own", [b"plain text", b"PK\x03\x04rubbish", b""])
def test_what_is_none_is_refused(order: Callable[..., Order], own: bytes) -> None:
    if own:
        with pytest.raises(MintError):
            Odt().mint(replace(order(), source=own), NoOptions())


def unzipped(content: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return b"\n".join(package.read(name) for name in package.namelist())
