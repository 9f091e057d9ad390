"""A real server's write-ahead log: rows over the ends of pages, packed images of pages, packed and long values."""

from __future__ import annotations

import io
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.containers import Unreadable
from canaries.scan.containers.postgres_wal import PostgresWalContainer
from canaries.scan.dumps import DumpReading, Piece
from tests import steady
from tests.every import every
from tests.postgres_cluster import PostgresCluster, postgres_cluster

PACKERS: dict[str, object] = {}
WAYS = ("off", "pglz", "lz4", "zstd")
DRAW = steady.draw("wal")
ROWS = [f"row-{number}-{DRAW(12).hex()}" for number in range(600)]
PAGES = [f"page-{number}-{DRAW(12).hex()}" for number in range(40)]
_SHORT = "".join(f'{{"a": {n}, "name": "someone {n % 7}", "x": null}},' for n in range(60))
_LONG = "".join(f"{n * 7919**5 % (1 << 60)} name someone {n % 7} null " for n in range(700))
VALUES = ["in-the-row-" + DRAW(12).hex(), "in-chunks-" + DRAW(12).hex()]


def _write(server: PostgresCluster, way: str) -> bytes:
    """The segment of the log in which all of the above stands."""
    with server.connect("postgres") as connection:
        run = connection.execute
        run(f"ALTER SYSTEM SET wal_compression = {way}".encode())
        run("ALTER SYSTEM SET full_page_writes = on")
        run("SELECT pg_reload_conf()")
        steady.until(lambda: (run("SHOW full_page_writes").fetchone() or ("",))[0] == "on")
        run("CREATE TABLE pages (id int, note text)")
        for number, page in enumerate(PAGES):
            run("INSERT INTO pages VALUES (%s, %s)", (number, f"{page} the same words"))
        run("CREATE TABLE rows (id int, note text)")
        run(
            "INSERT INTO rows VALUES (0, %s)", (DRAW(2500).hex(),)
        )  # three chunks of a page with room for another
        run("SELECT pg_switch_wal()")
        run("CHECKPOINT")
        name = str((run("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone() or ("",))[0])
        run("DELETE FROM pages WHERE id = 3")  # what it changes first is logged as an image of its page
        for number, row in enumerate(ROWS):
            run("INSERT INTO rows VALUES (%s, %s)", (number, f"{row} someone"))
        run("INSERT INTO rows VALUES (0, %s)", (_SHORT + VALUES[0] + _SHORT,))
        run("INSERT INTO rows VALUES (0, %s)", (_LONG + VALUES[1] + _LONG,))
        run("SELECT pg_switch_wal()")
        run("DROP TABLE pages, rows")
    return (server.folder / "pg_wal" / name).read_bytes()


@pytest.fixture(scope="module")
def segments() -> Iterator[dict[str, bytes]]:
    """By how images of pages were packed; without the ways that this server does not know."""
    found = {}
    with postgres_cluster(logging=False) as server:
        for way in WAYS:
            try:
                found[way] = _write(server, way)
            except psycopg.errors.InvalidParameterValue:
                continue
        yield found


def _read(content: bytes) -> tuple[bytes, list[Unreadable]]:
    results = list(DumpReading(1 << 30).file("segment", io.BytesIO(content)))
    pieces = [one.content for one in results if isinstance(one, Piece)]
    return b"\n".join(pieces), [one for one in results if isinstance(one, Unreadable)]


@every("way", WAYS)
def test_all_that_was_logged_is_read(segments: dict[str, bytes], way: str) -> None:
    assert {"off", "pglz"} <= segments.keys()
    if way not in segments:
        return
    content, unread = _read(segments[way])
    assert not [one for one in (*ROWS, *PAGES, *VALUES) if one.encode() not in content]
    assert not unread
    plain = [one for one in (*ROWS, *PAGES, *VALUES) if one.encode() in segments[way]]
    assert len(plain) < len(ROWS) + (len(PAGES) if way == "off" else 2)


def test_a_packed_page_that_is_cut_off_is_named(segments: dict[str, bytes]) -> None:
    said = [_read(segments["pglz"][:size])[1] for size in range(300, 4000, 300)]
    assert any("goes on in another segment" in one.reason for unread in said for one in unread)


CHANGES = st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(1, 255)), max_size=20)


@given(changes=CHANGES)
def test_damaged_segments_are_survived(segments: dict[str, bytes], changes: list[tuple[int, int]]) -> None:
    damaged = bytearray(segments["pglz"][: 1 << 16])
    for place, change in changes:
        damaged[place % len(damaged)] ^= change
    _read(bytes(damaged))


def test_a_table_is_no_log() -> None:
    assert not PostgresWalContainer().fits(bytes(1024))
    assert not PostgresWalContainer().fits(b"\x10\xd1" + b"\xff" * 1022)
