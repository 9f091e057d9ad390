"""PostgreSQL servers of the test run's own, on ports that the kernel chooses; their files are never synced."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests import steady

_PLAIN = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
full_page_writes = off
shared_buffers = 32MB
max_wal_size = 128MB
"""
"""The processes of Trapline are killed, the server is not: what it acknowledged does not need a disk."""
_LOGGING = """
wal_level = logical
logging_collector = on
log_destination = 'jsonlog'
log_directory = 'log'
log_filename = 'server.log'
log_rotation_age = 0
max_parallel_workers_per_gather = 2
"""


@dataclass(frozen=True, slots=True)
class PostgresCluster:
    """A running server, without passwords."""

    port: int
    folder: Path
    programs: Path
    """Where ``pg_dump`` and its like are."""

    @property
    def log(self) -> Path:
        """JSON lines."""
        return self.folder / "log" / "server.json"

    def url(self, database: str, user: str = "postgres") -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str, user: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.url(database, user), autocommit=True)

    def run(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        """One of PostgreSQL's programs."""
        return subprocess.run(
            [str(self.programs / program), *words],
            capture_output=True,
            text=True,
            timeout=steady.PATIENCE,
            check=False,
        )

    def schema(self, database: str) -> str:
        """What ``pg_dump --schema-only`` says, without the tokens that differ between two dumps."""
        done = self.run("pg_dump", "--schema-only", self.url(database))
        assert done.returncode == 0, done.stderr
        return "\n".join(
            line for line in done.stdout.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))
        )

    @contextlib.contextmanager
    def database(self, name: str) -> Iterator[str]:
        """A new database; its name."""
        with self.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield name
        finally:
            with self.connect("postgres") as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@contextlib.contextmanager
def postgres_cluster(*, logging: bool = True) -> Iterator[PostgresCluster]:
    """Skips where there is no server program, or one older than 15, which writes no JSON log."""
    programs = _programs()
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if user is not None:
        shutil.chown(folder, user)
    data, port = folder / "data", steady.free_port()
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
         "--locale=C.UTF-8", "--no-sync"],
        user=user, capture_output=True, check=True, cwd="/",
    )  # fmt: skip
    (data / "postgresql.conf").write_text(f"{_PLAIN}{_LOGGING if logging else ''}port = {port}\n")
    process = subprocess.Popen(
        [programs / "postgres", "-D", data],
        user=user,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
    try:
        _wait(programs, port)
        yield PostgresCluster(port, data, programs)
    finally:
        process.terminate()  # smart shutdown would wait for clients
        process.send_signal(2)
        process.wait(steady.PATIENCE)
        shutil.rmtree(folder)


def _wait(programs: Path, port: int) -> None:
    from tests import steady

    ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    steady.until(lambda: subprocess.run(ready, check=False).returncode == 0, "PostgreSQL does not answer")


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    usual = shutil.which("initdb")
    path = found[-1] if found else Path(usual) if usual else None
    if path is None or (found and float(path.parts[-3]) < 15):
        pytest.skip("no PostgreSQL 15 or newer to start (Debian: postgresql)")
    if os.geteuid() == 0:
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    return path.parent
