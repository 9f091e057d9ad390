"""A real server's own files: values that it packed, in the row or in chunks of a TOAST table, are read."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.containers import Unreadable
from canaries.scan.containers._packed_values import LEFT
from canaries.scan.containers.postgres_pages import PostgresContainer
from canaries.scan.dumps import DumpReading, Piece, read_pieces
from tests.every import every
from tests.postgres_cluster import PostgresCluster, postgres_cluster

PACKERS: dict[str, object] = {}
NEEDLE = b"anna.meyer-zk39@alerts.example"
_LIKE_IT = "anna.meyer-zk38@alerts.example alerts.example "
_SHORT = "".join(f'{{"a": {n}, "name": "someone {n % 7}", "x": null}},' for n in range(60))
_LONG = "".join(f"{n * 7919**5 % (1 << 60)} name someone {n % 7} null " for n in range(700))
VALUES = {
    "in the row": _LIKE_IT + _SHORT + NEEDLE.decode() + _SHORT,
    "in chunks": _LIKE_IT + _LONG + NEEDLE.decode() + _LONG,
}
TABLES = {
    (place, way): f"{way}_{number}" for number, place in enumerate(VALUES) for way in ("pglz", "lz4", "plain")
}


@pytest.fixture(scope="module")
def files() -> Iterator[dict[tuple[str, str], list[bytes]]]:
    """The table's file and that of its TOAST table, by where the value is and how it was packed."""
    with postgres_cluster(logging=False) as server:
        found = {}
        with server.connect("postgres") as connection:
            for (place, way), table in TABLES.items():
                packed = f"COMPRESSION {way}" if way != "plain" else ""
                connection.execute(f"CREATE TABLE {table} (id int, note text {packed})".encode())
                if way == "plain":
                    connection.execute(f"ALTER TABLE {table} ALTER note SET STORAGE EXTERNAL".encode())
                connection.execute(f"INSERT INTO {table} VALUES (1, %s)".encode(), (VALUES[place],))
                connection.execute(f"INSERT INTO {table} VALUES (2, 'short')".encode())
            connection.execute("CHECKPOINT")
            for key, table in TABLES.items():
                found[key] = list(_files(server, table))
        yield found


def _files(server: PostgresCluster, table: str) -> Iterator[bytes]:
    asked = "SELECT pg_relation_filepath(oid), pg_relation_filepath(reltoastrelid) FROM pg_class WHERE relname = %s"
    with server.connect("postgres") as connection:
        for path in connection.execute(asked.encode(), (table,)).fetchone() or ():
            yield (server.folder / path).read_bytes()


def _read(path: Path) -> tuple[bool, list[Unreadable]]:
    results = list(read_pieces(path))
    unread = [one for one in results if isinstance(one, Unreadable)]
    return any(NEEDLE in one.content for one in results if isinstance(one, Piece)), unread


@every("key", TABLES)
def test_a_packed_value_is_read(
    files: dict[tuple[str, str], list[bytes]], tmp_path: Path, key: tuple[str, str]
) -> None:
    if key[1] != "plain":
        assert not any(NEEDLE in one for one in files[key])
    for number, content in enumerate(files[key]):
        (tmp_path / str(number)).write_bytes(content)
    assert _read(tmp_path) == (True, [])


def test_a_base_backup_is_read(files: dict[tuple[str, str], list[bytes]], tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "base.tar", "w") as archive:
        for number, content in enumerate(files["in chunks", "pglz"]):
            info = tarfile.TarInfo(f"base/5/{number}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    assert _read(tmp_path) == (True, [])


def test_a_value_of_which_a_chunk_is_missing_is_named(
    files: dict[tuple[str, str], list[bytes]], tmp_path: Path
) -> None:
    toast = files["in chunks", "pglz"][1]
    assert len(toast) > 8192
    (tmp_path / "toast").write_bytes(toast[8192:])
    found, unread = _read(tmp_path)
    assert not found
    assert "a part only" in unread[0].reason


def _damaged(content: bytes, changes: list[tuple[int, int]]) -> bytes:
    damaged = bytearray(content)
    for place, change in changes:
        damaged[place % len(damaged)] ^= change
    return bytes(damaged)


CHANGES = st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(1, 255)), max_size=20)


@given(changes=CHANGES)
def test_damaged_pages_are_survived(
    files: dict[tuple[str, str], list[bytes]], changes: list[tuple[int, int]]
) -> None:
    for content in (*files["in chunks", "pglz"], files["in the row", "lz4"][0]):
        for one in DumpReading(1 << 24).file("dump", io.BytesIO(_damaged(content, changes))):
            assert isinstance(one, Piece | Unreadable)


@given(tail=st.binary(max_size=400), lower=st.integers(24, 8192))
def test_any_bytes_behind_a_page_header_are_survived(tail: bytes, lower: int) -> None:
    head = bytes(12) + lower.to_bytes(2, "little") + b"\x00\x20\x00\x20\x04\x20" + bytes(4)
    assert PostgresContainer().fits(head)
    for one in DumpReading(1 << 24).file("dump", io.BytesIO((head + tail * 20)[:8192].ljust(8192, b"\x12"))):
        assert isinstance(one, Piece | Unreadable)


def test_what_looks_packed_all_over_is_left_after_so_much_work_and_named() -> None:
    """Every ninth word says that a value begins there; all are bytes that stand for themselves, and too few of them."""
    page = bytearray(bytes(12) + b"\x18\0\x18\0\x00\x20\x04\x20" + bytes(4)).ljust(8192, b"\0")
    for place in range(24, 7000, 36):
        length = 8192 - place
        page[place : place + 8] = (length << 2 | 2).to_bytes(4, "little") + (100_000).to_bytes(4, "little")
    results = list(DumpReading(1 << 24).file("dump", io.BytesIO(bytes(page * 4))))
    assert any(isinstance(one, Piece) for one in results)
    assert [one.reason for one in results if isinstance(one, Unreadable)] == [LEFT]
