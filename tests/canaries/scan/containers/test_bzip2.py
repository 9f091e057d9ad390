"""bzip2."""

from __future__ import annotations

import bz2

PACKERS = {"bzip2": bz2.compress}


def test_it_is_known_by_its_beginning() -> None:
    from canaries.scan.containers.bzip2 import Bzip2Container

    assert Bzip2Container().fits(bz2.compress(b""))
    assert not Bzip2Container().fits(b"BZ")
