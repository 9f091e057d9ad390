"""xz and lzma."""

from __future__ import annotations

import lzma

PACKERS = {
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
}


def test_both_forms_are_known_by_their_beginning() -> None:
    from canaries.scan.containers.xz import XzContainer

    assert all(XzContainer().fits(pack(b"x")) for pack in PACKERS.values())
    assert not XzContainer().fits(b"]")
