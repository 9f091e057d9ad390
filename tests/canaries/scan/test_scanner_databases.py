"""What real databases write into dumps: a token with quotes and backslashes is found in each, and in packed columns."""

from __future__ import annotations

import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from msgspec.structs import replace
from psycopg.types.json import Jsonb
from sqlalchemy import create_engine, make_url

from canaries.core.model import Canary, Token
from canaries.scan.containers import Unreadable
from canaries.scan.index import ScanIndex
from canaries.scan.search import Occurrence, search
from canaries.scan.spellings import spellings
from tests.conftest import mariadb_database
from tests.every import every
from tests.programs import require, require_any

QUOTED = "pass'Zk39\"aXQ7\\vT2m\tLw8`Rt4"
PACKED = "sk-Zk39aXQ7vT2mLw8RtYb4"
BLOB = zlib.compress(b"".join(b"%d: someone %d\n" % (n, n * 7919) for n in range(99)) + PACKED.encode() * 2)
"""Has what a string of SQL cannot have: quotes, backslashes, zeros."""
_NOBODY = Canary("0" * 16, "user", "", "", "", "", "", {}, "", "", (), "", (), {}, "")


@pytest.fixture(scope="module")
def index() -> ScanIndex:
    made = ScanIndex(bytes(32))
    for name, text in {"quoted": QUOTED, "packed": PACKED}.items():
        made.add([(name, spellings(replace(_NOBODY, tokens=(Token("secret", text),))))])
    return made


def found(index: ScanIndex, path: Path, content: bytes) -> set[str]:
    path.write_bytes(content)
    results = list(search(index, [path]))
    assert not [one for one in results if isinstance(one, Unreadable)]
    return {one.canary for one in results if isinstance(one, Occurrence)}


@pytest.fixture
def postgres(postgres_url: str) -> str:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE text_only (id int, note text)")
        connection.execute("INSERT INTO text_only VALUES (1, %s)", (QUOTED,))
        connection.execute("CREATE TABLE documents (id int, note jsonb)")
        connection.execute("INSERT INTO documents VALUES (1, %s)", (Jsonb({"a": QUOTED}),))
        connection.execute("CREATE TABLE blobs (id int, note bytea)")
        connection.execute("INSERT INTO blobs VALUES (1, %s)", (BLOB,))
    return postgres_url


@every("form", ["TEXT", "CSV", "BINARY"])
@every("table", ["text_only", "documents", "blobs"])
def test_what_postgresql_copies_out_is_found(
    postgres: str, index: ScanIndex, tmp_path: Path, form: str, table: str
) -> None:
    copied = f"COPY {table} TO STDOUT (FORMAT {form})".encode()
    with psycopg.connect(postgres) as connection, connection.cursor().copy(copied) as copy:
        content = b"".join(bytes(part) for part in copy)
    assert QUOTED.encode() not in content or (form, table) == ("BINARY", "text_only")
    assert found(index, tmp_path / "dump", content) == {"packed" if table == "blobs" else "quoted"}


@every("more", [(), ("--inserts",), ("-Fc",), ("-Ft",), ("-Fc", "-Z0")])
@every("table", ["text_only", "documents", "blobs"])
def test_what_pg_dump_writes_is_found(
    postgres: str, index: ScanIndex, tmp_path: Path, more: tuple[str, ...], table: str
) -> None:
    require("pg_dump")
    done = subprocess.run(["pg_dump", *more, "-t", table, postgres], capture_output=True, check=True)
    assert found(index, tmp_path / "dump", done.stdout) == {"packed" if table == "blobs" else "quoted"}


@pytest.fixture
def mariadb(mariadb_server: str) -> Iterator[str]:
    with mariadb_database(mariadb_server) as url:
        engine = create_engine(make_url(url).set(drivername="mariadb+pymysql"))
        with engine.begin() as connection:
            run = connection.exec_driver_sql
            run("CREATE TABLE text_only (id int, note varchar(200))")
            run("INSERT INTO text_only VALUES (1, %s)", (QUOTED,))
            run("CREATE TABLE documents (id int, note json)")
            run("INSERT INTO documents VALUES (1, JSON_OBJECT('a', %s))", (QUOTED,))
            run("CREATE TABLE blobs (id int, before_it blob, note mediumblob)")
            run("INSERT INTO blobs VALUES (1, %s, %s)", (b"it's", BLOB))
            run("CREATE TABLE compressed (id int, note mediumblob)")
            run("INSERT INTO compressed VALUES (1, COMPRESS(%s))", (f"{PACKED} {'words ' * 30}{PACKED}",))
        engine.dispose()
        yield url


TABLES = {"text_only": "quoted", "documents": "quoted", "blobs": "packed", "compressed": "packed"}


@every("more", [(), ("--hex-blob",), ("--compatible=ansi",), ("--xml",), ("--skip-extended-insert",)])
@every("table", TABLES)
def test_what_mysqldump_writes_is_found(
    mariadb: str, index: ScanIndex, tmp_path: Path, more: tuple[str, ...], table: str
) -> None:
    program, where = require_any("mariadb-dump", "mysqldump"), make_url(mariadb)
    if more == ("--xml",) and TABLES[table] == "packed":
        return  # it writes such bytes as they are, which is no XML, and nobody reads it
    place = ["-h", str(where.host), "-P", str(where.port), "-u", "root", str(where.database), table]
    done = subprocess.run([program, *more, *place], capture_output=True, check=True)
    assert found(index, tmp_path / "dump", done.stdout) == {TABLES[table]}


@every("more", ["PAGE_COMPRESSED=1", "ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8"])
def test_pages_that_innodb_packed_are_read(mariadb: str, index: ScanIndex, tmp_path: Path, more: str) -> None:
    engine = create_engine(make_url(mariadb).set(drivername="mariadb+pymysql"), isolation_level="AUTOCOMMIT")
    text = "".join(f"{n}: {n * 7919} someone else, " for n in range(90))
    with engine.connect() as connection:
        run = connection.exec_driver_sql
        folder = Path(str(run("SELECT @@datadir").scalar_one()))
        run("DROP TABLE IF EXISTS pages")
        run(f"CREATE TABLE pages (id int PRIMARY KEY, note text) ENGINE=InnoDB {more}")
        for number in range(40):
            run("INSERT INTO pages VALUES (%s, %s)", (number, f"sk-Zk39 vT2m {text} {PACKED} {text}"))
        run("FLUSH TABLES pages FOR EXPORT")
        content = (folder / str(make_url(mariadb).database) / "pages.ibd").read_bytes()
        run("UNLOCK TABLES")
    engine.dispose()
    assert PACKED.encode() not in content or "ROW_FORMAT" in more  # a page keeps its last changes as they are
    assert found(index, tmp_path / "pages.ibd", content) == {"packed"}
