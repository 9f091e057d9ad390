"""A frame of Zstandard in one piece."""

from __future__ import annotations

import sys
from importlib import import_module

import pytest

from canaries.scan.containers._zstd import unpacked_frame

zstd = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")


def test_it_gives_as_many_bytes_as_it_says() -> None:
    packed = zstd.compress(b"needle" * 100)
    assert unpacked_frame(packed, 600) == b"needle" * 100
    assert unpacked_frame(packed, 601) == b""
    with pytest.raises(OSError, match=r"."):
        unpacked_frame(b"\x28\xb5\x2f\xfd" + b"\xff" * 20, 600)
