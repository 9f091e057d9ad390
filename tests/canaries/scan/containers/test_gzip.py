"""gzip: of one member or several."""

from __future__ import annotations

import gzip
import io

from canaries.scan.containers import Packed, container_of

PACKERS = {
    "gzip": gzip.compress,
    "gzip of two members": lambda data: gzip.compress(data[:7]) + gzip.compress(data[7:]),
}


def test_both_members_are_read() -> None:

    source = Packed(io.BytesIO(PACKERS["gzip of two members"](b"first and second\n")))
    container = container_of(source.head)
    assert container is not None
    (member,) = container.members(source)
    assert member.stream.read(100) + member.stream.read(100) == b"first and second\n"  # type: ignore[union-attr]
