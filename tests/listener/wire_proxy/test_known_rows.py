"""The file of rows: what is no such file is one sentence, and no key is in it in clear."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from canaries.core.errors import HomeError
from listener.wire_proxy.known_rows import VERSION, KnownRows, ProxiedTable, key_hash, name_hash, read_known


def test_written_and_read(tmp_path: Path) -> None:
    secret = bytes(32)
    table = ProxiedTable(
        "public", "people", secret.hex(), {key_hash(secret, "4711"): "m"}, "id", ["p"], ["id"]
    )
    path = tmp_path / "rows.json"
    path.write_bytes(msgspec.json.encode(KnownRows(VERSION, "s", [table], [name_hash("s", "Honey")])))
    assert read_known(path).tables == [table]
    assert read_known(path).honey == [name_hash("s", "hONEY")]
    assert b"4711" not in path.read_bytes()
    assert key_hash(secret, "4711") != key_hash(bytes(31) + b"1", "4711")


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"[]", b"\xff", b"[" * 100_000, b'{"version":2,"salt":"","tables":[],"honey":[]}',
        (b'{"version":1,"salt":"","honey":[],"tables":[{"schema":"","name":"","secret":"x","marks":{},"key":"",'
         b'"places":[],"columns":[]}]}'),
    ],
)  # fmt: skip
def test_what_is_no_such_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rows.json"
    path.write_bytes(content)
    with pytest.raises(HomeError, match=r"rows\.json"):
        read_known(path)
    with pytest.raises(HomeError, match="cannot be read"):
        read_known(tmp_path / "nothing")
