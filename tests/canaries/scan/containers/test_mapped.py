"""A file that is searched: all of it, however it came."""

from __future__ import annotations

import io

import pytest

from canaries.scan.containers import Packed
from canaries.scan.containers._mapped import mapped


@pytest.mark.parametrize("size", [1, 1023, 1024, 1025, 100_000])
def test_all_bytes_are_there(size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    with mapped(Packed(io.BytesIO(content[:size]))) as found:
        assert found[:] == content[:size]
