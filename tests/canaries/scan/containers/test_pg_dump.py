"""``pg_dump -Fc``: what PostgreSQL's own program wrote is read; packings that cannot be opened are named."""

from __future__ import annotations

import io
import subprocess
import zlib
from pathlib import Path

import pytest

from canaries.scan.containers import Packed, Unreadable
from canaries.scan.dumps import Piece, read_pieces
from tests.programs import require

_HEAD = b"PGDMP\x01\x0e\x00\x04\x08\x01"


def _integer(number: int) -> bytes:
    return b"\0" + number.to_bytes(4, "little")


def _custom(data: bytes) -> bytes:
    """One block of data in chunks of 700 bytes, with the header of PostgreSQL 15."""
    packed = zlib.compress(data)
    chunks = [packed[start : start + 700] for start in range(0, len(packed), 700)]
    body = b"".join(_integer(len(chunk)) + chunk for chunk in chunks) + _integer(0)
    return _HEAD + _integer(6) + b"table of contents" + b"\x01" + _integer(3021) + body


PACKERS = {"pg_dump -Fc": _custom}


@pytest.mark.parametrize(("packing", "name"), [(2, "lz4"), (3, "zstd")])
def test_other_packings_are_named(packing: int, name: str) -> None:
    from canaries.scan.containers.pg_dump import PgDumpContainer

    head = b"PGDMP\x01\x0f\x00\x04\x08\x01" + bytes([packing])
    (result,) = PgDumpContainer().members(Packed(io.BytesIO(head + bytes(100))))
    assert isinstance(result, Unreadable)
    assert name in result.reason


def test_a_dump_of_a_real_server_is_read(tmp_path: Path, postgres_url: str) -> None:
    require("pg_dump")
    from sqlalchemy import create_engine, text

    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE scanned_people (id int, note text)"))
        connection.execute(
            text("INSERT INTO scanned_people SELECT n, md5(n::text) FROM generate_series(1, 20000) n")
        )
        connection.execute(text("INSERT INTO scanned_people VALUES (0, 'needle-Zk39aXQ7vT2mLw8RtYb4')"))
    try:
        target = tmp_path / "dump"
        subprocess.run(
            [
                "pg_dump",
                "-Fc",
                "-t",
                "scanned_people",
                "-f",
                str(target),
                postgres_url.replace("+psycopg", ""),
            ],
            check=True,
            capture_output=True,
        )
    finally:
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE scanned_people"))
        engine.dispose()
    assert b"needle-Zk39" not in target.read_bytes()
    read = b"".join(one.content for one in read_pieces(target) if isinstance(one, Piece))
    assert b"needle-Zk39aXQ7vT2mLw8RtYb4" in read
