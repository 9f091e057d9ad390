"""What tests of more than one room share: homes on both databases."""

from __future__ import annotations

import contextlib
import functools
import gc
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from canaries.accounts import passwords
from canaries.installation.home import Home
from listener.evidence.sighting import Sighting
from listener.facts import Source
from tests import preloaded, steady
from tests.postgres_cluster import PostgresCluster, postgres_cluster

_NO_CLOCK: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow],
    "print_blob": True,
}
"""How long an example takes is the machine's affair, not the code's."""
# "ci": the same examples in every run. "soak": new ones, from the seed that `make soak` prints
settings.register_profile("ci", derandomize=True, max_examples=25, **_NO_CLOCK)
settings.register_profile("soak", derandomize=False, max_examples=1_000, **_NO_CLOCK)
settings.load_profile("ci")


TEMPLATE = preloaded.Template()


def pytest_configure() -> None:
    """A shell starts what runs in the background deaf to Ctrl-C, and so are the programs that the tests start."""
    TEMPLATE.install()
    steady.use_memory_for_files()
    steady.unpack_once()
    steady.fix_draws()
    gc.disable()  # collecting makes objects that stay: `pytest_collection_finish` goes on
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # by nohup
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The template's processes are over before the test run is, and what lies in memory goes with it."""
    TEMPLATE.close()
    _until_the_end.close()
    if not hasattr(config, "workerinput"):
        steady.free_memory_of_files()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """For ``-m alone`` the files without such a test are not imported: that takes longer than the one test there is."""
    if config.option.markexpr != "alone" or not collection_path.match("test_*.py"):
        return None
    return "mark.alone" not in collection_path.read_text("utf-8") or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files begin first, so that no worker is left alone with one: whole stories, then listeners."""
    listeners = {item.path for item in items if "listen" in getattr(item, "fixturenames", ())}

    def turn(path: Path) -> int:
        stories = path.parent.name in ("tests", "tools")
        return 0 if stories else 1 if path in listeners else 2

    items.sort(key=lambda item: turn(item.path))


def pytest_collection_finish() -> None:
    """What was collected is kept until the end: the garbage collector need not look at it again in every test."""
    gc.freeze()
    gc.enable()
    steady.pass_over_finalisers_without_stack()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With NO_SKIPS set (as continuous integration does) a skipped test is a failure of the set-up."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter is not None else []
    if skipped and os.environ.get("NO_SKIPS"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


TOML = '[operator]\norganisation = "Test Trust"\n'


@functools.cache
def _cheap_hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture(autouse=True, scope="session")
def _cheap_passwords() -> Iterator[None]:
    """A password's hash takes a tenth of a second on purpose; tests/canaries/accounts/test_passwords.py has it so."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", _cheap_hasher)
        yield


@pytest.fixture
def started_by_exec() -> Iterator[None]:
    """For a test about memory, environment or start of a process: every one is a new interpreter (`preloaded`)."""
    with TEMPLATE.by_exec():
        yield


@pytest.fixture(scope="module")
def all_started_by_exec() -> Iterator[None]:
    """The same for all tests of a file."""
    with TEMPLATE.by_exec():
        yield


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A fresh installation on SQLite, in a folder of its own."""
    made = steady.installation(tmp_path / "home", TOML, "home")
    yield made
    made.store.close()


_until_the_end = contextlib.ExitStack()


@functools.cache
def _postgres_server() -> str:
    """Started when it is first asked for: a database on a disk that is synced takes a second to make and to drop."""
    return _until_the_end.enter_context(postgres_cluster(logging=False)).url("postgres")


@contextlib.contextmanager
def postgres_database() -> Iterator[str]:
    """A new database on the server of TEST_POSTGRES_URL, or of this process's own; skips where there is none."""
    server = make_url(os.environ.get("TEST_POSTGRES_URL") or _postgres_server()).set(
        drivername="postgresql+psycopg"
    )
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"trapline_test_{secrets.token_hex(6)}"
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield server.set(database=name, drivername="postgresql").render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[str]:
    with running_mariadb() as url:
        yield url


@contextlib.contextmanager
def running_mariadb() -> Iterator[str]:
    """The URL of TEST_MARIADB_URL, or of a server of the test run's own on loopback; skips where there is none."""
    if "TEST_MARIADB_URL" in os.environ:
        yield os.environ["TEST_MARIADB_URL"]
        return
    server = shutil.which("mariadbd", path=f"{os.environ['PATH']}:/usr/sbin")
    if server is None:
        pytest.skip("no MariaDB server (set TEST_MARIADB_URL)")
    folder = Path(tempfile.mkdtemp(prefix="mariadb"))  # a socket's path must be short
    # SQL by --bootstrap, as mariadb-install-db does it; the grants are not asked
    data, plain = folder / "data", [server, "--no-defaults", f"--datadir={folder / 'data'}"]
    plain += ["--user=root"] if os.geteuid() == 0 else []
    data.mkdir()
    scripts = Path("/usr/share/mysql")
    parts = ("mysql_system_tables.sql", "mysql_performance_tables.sql", "mysql_system_tables_data.sql")
    setup = "CREATE DATABASE mysql; USE mysql;\n" + "\n".join(
        (scripts / name).read_text("utf-8") for name in parts
    )
    subprocess.run([*plain, "--bootstrap"], input=setup.encode(), capture_output=True, check=False)
    port = steady.free_port()
    more = ["--skip-grant-tables", "--skip-networking=0", "--bind-address=127.0.0.1", f"--port={port}"]
    more += (
        ["--plugin-load-add=server_audit"] if Path("/usr/lib/mysql/plugin/server_audit.so").is_file() else []
    )
    more += [
        f"--socket={folder / 's'}",
        "--innodb-flush-log-at-trx-commit=0",
        f"--log-error={folder / 'log'}",
    ]
    process = subprocess.Popen([*plain, *more])
    try:
        steady.until(lambda: _answers(port), lambda: (folder / "log").read_text("utf-8")[-2000:])
        yield f"mariadb+pymysql://root@127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@contextlib.contextmanager
def mariadb_database(mariadb_server: str) -> Iterator[str]:
    """A new database on MariaDB. PyMySQL reads the system's certificates for each connection: 20 ms, so not here."""
    name = f"trapline_test_{secrets.token_hex(6)}"
    engine = create_engine(mariadb_server)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", os.devnull)
        yield (
            make_url(mariadb_server)
            .set(database=name, drivername="mariadb")
            .render_as_string(hide_password=False)
        )
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name}")
    engine.dispose()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A database of this test's own on PostgreSQL."""
    with postgres_database() as url:
        yield url


@pytest.fixture
def postgres_home(tmp_path: Path, postgres_url: str) -> Iterator[Home]:
    """A fresh installation on PostgreSQL."""
    made = steady.installation(tmp_path / "home", f'{TOML}[store]\nurl = "{postgres_url}"\n', "home")
    yield made
    made.store.close()


@pytest.fixture(params=["home", "postgres_home"], ids=["sqlite", "postgresql"])
def any_home(request: pytest.FixtureRequest) -> Home:
    """A fresh installation, once on each database."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Home)
    return found


@dataclass
class Listening:
    """A real ``trapline listen``: supervisor, front and back as processes of their own."""

    home: Home
    process: subprocess.Popen[bytes]
    addresses: dict[str, list[str]]
    log: Path

    @property
    def http(self) -> tuple[str, int]:
        """Host and port of the HTTP trap."""
        host, _, port = self.addresses["http"][0].rpartition(":")
        return host, int(port)

    def child(self, name: str) -> int:
        """The process id of ``front`` or ``back``, as soon as there is one."""
        module = f"listener.runtime.{name}".encode()
        return steady.until(
            lambda: next((pid for pid in _children(self.process.pid) if module in _command(pid)), 0),
            lambda: f"no {name}: {self.log.read_text()}",
        )

    def kill(self) -> None:
        """End it the hard way, and wait until its children, which finish what they do, have ended too."""
        left = _children(self.process.pid)
        self.process.kill()
        self.process.wait()
        steady.until(lambda: not any(_command(pid) for pid in left), lambda: f"left: {left}")

    def stop(self) -> int:
        """End it the polite way: what was answered is taken in first."""
        self.process.terminate()
        return self.process.wait(steady.PATIENCE)


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@contextlib.contextmanager
def _listening(folder: Path) -> Iterator[Callable[..., Listening]]:
    """What starts listeners, whose ready files and logs are in ``folder``; they end with it."""
    started: list[Listening] = []

    def start(home: Home, **variables: str) -> Listening:
        steady.unpacked(home.path)
        ready = folder / f"ready-{len(started)}.json"
        log = folder / f"listen-{len(started)}.log"
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TRAPLINE_")},
            "TRAPLINE_HOME": str(home.path),
            "TRAPLINE_TRAPS_HTTP_BIND": "127.0.0.1:0",
            **variables,
        }
        command = [sys.executable, "-m", "listener", "listen", "--ready-file", str(ready)]
        with log.open("wb") as output:
            process = subprocess.Popen(command, env=environment, stderr=output, stdout=output)

        def opened() -> bool:
            assert process.poll() is None, log.read_text()
            return ready.is_file()

        steady.until(opened, log.read_text)
        running = Listening(home, process, json.loads(ready.read_text()), log)
        started.append(running)
        return running

    try:
        yield start
    finally:
        for running in started:
            if running.process.poll() is None:
                running.process.kill()
                running.process.wait()


@pytest.fixture
def listen(tmp_path: Path) -> Iterator[Callable[..., Listening]]:
    """Start a listener for a home, on ports the kernel chooses; extra settings as ``TRAPLINE_`` variables."""
    with _listening(tmp_path) as start:
        yield start


@pytest.fixture(scope="module")
def listen_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Listening]]:
    """The same for all tests of a file together."""
    with _listening(tmp_path_factory.mktemp("listen")) as start:
        yield start


@pytest.fixture(scope="session")
def fact_sources(tmp_path_factory: pytest.TempPathFactory) -> list[Source]:
    """All sources of facts, started once: unpacking their data takes a third of a second."""
    from listener.facts.derive import load

    return load(Home(tmp_path_factory.mktemp("facts")))


@pytest.fixture
def strike(fact_sources: list[Source]) -> Callable[..., str]:
    """Let somebody use a canary: a sighting through the real intake. ``strike(home, canary)`` gives the hit's id."""
    from sqlalchemy import select

    from canaries.core import clock, store
    from canaries.core.model import Canary
    from listener.ingest.intake import Intake

    intakes: dict[str, Intake] = {}

    def use(
        home: Home,
        canary: Canary,
        *,
        agent: str = "curl/8.5.0",
        ip: str = "198.51.100.7",
        port: int = 40001,
        at: str = "2026-11-22T12:00:00.000000Z",
    ) -> str:
        intake = intakes.get(home.id) or intakes.setdefault(home.id, Intake(home, fact_sources))
        token = next(token for token in canary.tokens if not token.weak)
        raw = f"GET /{token.value}/q HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: {agent}\r\n\r\n".encode()
        moment = clock.parse_rfc3339(at)
        sighting = Sighting(
            id=secrets.token_hex(16),
            trap="http",
            observed_at=round(moment.timestamp() * 1_000_000),
            peer=(ip, port),
            local=("203.0.113.5", 80),
            transport="tcp",
            raw=raw,
            size=len(raw),
            front="0123456789abcdef",
            number=1,
            connection=1,
            clock={"source": "ntp", "offset_us": 250, "checked_at": at},
            answer="page 404",
        )
        assert intake.ingest([sighting], "0000", 1) == 1
        with home.store.read() as connection:
            query = select(store.hit.c.id).where(store.hit.c.sighting == sighting.id)
            return str(connection.execute(query).scalar_one())

    return use


@pytest.fixture(scope="session")
def cluster() -> Iterator[PostgresCluster]:
    """A PostgreSQL server whose log can be read; skips where none can be started."""
    with postgres_cluster() as running:
        yield running
