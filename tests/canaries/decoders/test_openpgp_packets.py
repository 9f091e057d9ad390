"""Packets of OpenPGP that are compressed and not encrypted: by GnuPG, and by hand."""

from __future__ import annotations

import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.programs import needs

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "openpgp": lambda data: (
        b"\xa3\2" + zlib.compress(b"\xcb\xff" + (len(data) + 6).to_bytes(4, "big") + b"b\0\0\0\0\0" + data)
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


@needs("gpg")
@pytest.mark.parametrize("algorithm", ["zip", "zlib", "bzip2"])
def test_what_gnupg_stores(algorithm: str, tmp_path: Path, texts: Callable[[bytes], set[bytes]]) -> None:
    command = [
        "gpg",
        "--homedir",
        str(tmp_path),
        "--batch",
        "--compress-algo",
        algorithm,
        "--armor",
        "--store",
    ]
    armored = subprocess.run(
        command, input=b"key=Zk39aXQ7vT2mLw8RtYb4, and more " * 20, capture_output=True, check=True
    )
    assert any(b"key=Zk39aXQ7vT2mLw8RtYb4" in text for text in texts(armored.stdout))
