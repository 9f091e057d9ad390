"""A proxy before PostgreSQL and MariaDB, against the same clients at the server itself: processor time, in pairs.

pgbench's own read-only and mixed transactions, a result of 20,000 rows, and the same of MariaDB by its client. What is
measured is the processor time of the proxy, and how long the client took with it and without. The proxy knows 20
watched rows and a filter of 1,000 strings.
"""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from benchmarks._machine import cpu_seconds
from benchmarks._report import Report
from listener.hook.filter_file import filter_bytes
from listener.wire_proxy.known_rows import VERSION, KnownRows, ProxiedTable, key_hash

_ROUNDS, _TRANSACTIONS, _ROWS, _SCANS = 5, 4_000, 20_000, 10


def run(report: Report, scale: float = 1.0) -> None:
    """Skips, with a line, what has no server here."""
    import pytest

    from tests import proxied
    from tests.postgres_cluster import postgres_cluster

    rounds = max(2, int(_ROUNDS * min(1.0, scale * 4)))
    with (
        suppress(pytest.skip.Exception),
        tempfile.TemporaryDirectory() as folder,
        postgres_cluster(logging=False) as cluster,
    ):
        cluster.run("pgbench", "-i", "-q", cluster.url("postgres"))
        with cluster.connect("postgres") as connection:
            connection.execute(
                "CREATE TABLE people AS SELECT n AS id, 'name ' || n AS name, n || '@x.test' AS email"
                f" FROM generate_series(1, {_ROWS}) n".encode()
            )
            row = connection.execute(
                "SELECT 'people'::regclass::oid, 'pgbench_accounts'::regclass::oid"
            ).fetchone()
        assert row is not None
        _files(Path(folder), "public", [f"postgres/{oid}/1" for oid in row])
        server = f"127.0.0.1:{cluster.port}"
        with proxied.running(
            Path(folder), protocol="postgresql", server=server, filter="filter.bin"
        ) as proxy:
            count = max(50, int(_TRANSACTIONS * scale))
            base = ("-n", "-c", "2", "-h", "127.0.0.1", "-U", "postgres")
            for name, words, many in (
                ("pgbench -S (prepared)", ("-S", "-M", "prepared"), count),
                ("pgbench -S (simple)", ("-S", "-M", "simple"), count),
                ("pgbench, mixed", ("-M", "extended"), max(25, count // 8)),
            ):

                def bench(port: int, words: tuple[str, ...] = words, many: int = many) -> None:
                    done = cluster.run(
                        "pgbench", *base, *words, "-t", str(many // 2), "-p", str(port), "postgres"
                    )
                    if done.returncode:
                        raise AssertionError(done.stderr)

                _pair(
                    report,
                    name,
                    bench,
                    cluster.port,
                    proxy.port,
                    proxy.process.pid,
                    rounds,
                    many,
                    "transaction",
                )
            scans = max(2, int(_SCANS * scale))

            def scan(port: int) -> None:
                query = "SELECT * FROM people \\g /dev/null\n" * scans
                url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
                subprocess.run(
                    ["psql", url, "-X", "-q"], input=query.encode(), check=True, stdout=subprocess.DEVNULL
                )

            _pair(
                report,
                f"psql, {_ROWS:,} rows",
                scan,
                cluster.port,
                proxy.port,
                proxy.process.pid,
                rounds,
                scans * _ROWS,
                "row",
            )
    with suppress(pytest.skip.Exception), tempfile.TemporaryDirectory() as folder, _mariadb() as port:
        _files(Path(folder), "books", ["books.people.id"])
        with proxied.running(
            Path(folder), protocol="mysql", server=f"127.0.0.1:{port}", filter="filter.bin"
        ) as proxy:
            points = max(50, int(_TRANSACTIONS * scale))

            def point(where: int) -> None:
                text = "".join(
                    f"SELECT name FROM people WHERE id = {number + 100};\n" for number in range(points)
                )
                _mysql(where, text)

            _pair(
                report,
                "mariadb, a row by its key",
                point,
                port,
                proxy.port,
                proxy.process.pid,
                rounds,
                points,
                "statement",
            )
            scans = max(2, int(_SCANS * scale))
            _pair(
                report,
                f"mariadb, {_ROWS:,} rows",
                lambda where: _mysql(where, "SELECT * FROM people;\n" * scans),
                port,
                proxy.port,
                proxy.process.pid,
                rounds,
                scans * _ROWS,
                "row",
            )


def _pair(
    report: Report, name: str, work: Callable[[int], None], direct: int, through: int, pid: int, rounds: int,
    units: int, unit: str,
) -> None:  # fmt: skip
    """Interleaved; the medians."""
    work(direct)
    work(through)  # warm
    proxied, slow, fast = list[float](), list[float](), list[float]()
    for _ in range(rounds):
        fast.append(_wall(lambda: work(direct)))
        before = cpu_seconds(pid)
        slow.append(_wall(lambda: work(through)))
        proxied.append(cpu_seconds(pid) - before)
    report.figure(f"{name}: the proxy's CPU", statistics.median(proxied) / units * 1e6, f"us/{unit}")
    report.ratio(
        f"{name}: elapsed through the proxy / without", statistics.median(slow) / statistics.median(fast)
    )


def _wall(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _files(folder: Path, schema: str, places: list[str]) -> None:
    secret = bytes(32)
    marks = {key_hash(secret, str(key)): f"{key:032x}" for key in range(1, 21)}
    table = ProxiedTable(schema, "people", secret.hex(), marks, "id", places, ["id", "name", "email"])
    (folder / "rows.json").write_bytes(msgspec.json.encode(KnownRows(VERSION, "s", [table], [])))
    (folder / "filter.bin").write_bytes(
        filter_bytes(f"bait-{number}@alerts.test".encode() for number in range(1_000))
    )


@contextmanager
def _mariadb() -> Iterator[int]:
    from tests import proxied

    with proxied.mariadb_with_grants() as port:
        rows = f"INSERT INTO people SELECT seq, CONCAT('name ', seq), CONCAT(seq, '@x.test') FROM seq_1_to_{_ROWS};"
        _mysql(
            port,
            "CREATE DATABASE books; USE books; CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(40),"
            f" email VARCHAR(80)); {rows}",
            database="",
        )
        yield port


def _mysql(port: int, text: str, database: str = "books") -> None:
    words = ["mariadb", "-h", "127.0.0.1", "-P", str(port), "-u", "root", *([database] if database else [])]
    done = subprocess.run(
        words, input=text.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    if done.returncode:
        raise AssertionError(done.stderr.decode())
