"""Zstandard."""

from __future__ import annotations

import zstandard

PACKERS = {
    "zstd": zstandard.compress,
    "zstd of two frames": lambda data: zstandard.compress(data[:7]) + zstandard.compress(data[7:]),
}


def test_it_is_known_by_its_beginning() -> None:
    from canaries.scan.containers.zstandard import ZstandardContainer

    assert ZstandardContainer().fits(zstandard.compress(b""))
    assert not ZstandardContainer().fits(b"\x28\xb5")
