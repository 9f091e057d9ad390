"""What tests of more than one room of the listener share: real receivers on loopback, and hits by the real intake."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import json
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import msgspec
import pytest

from canaries.crypto.sealed_box import BoxOpener
from canaries.installation.home import Home
from listener.evidence.sighting import Sighting
from listener.journal import segment
from listener.runtime.front import Opening, Spec
from listener.runtime.front_files import front_files
from tests import steady
from tests.postgres_cluster import PostgresCluster
from tests.subscribers import Subscribers, subscribers


@dataclass
class HttpReceiver:
    """An HTTP server that keeps what it is sent."""

    server: ThreadingHTTPServer
    scheme: str = "http"
    ca_file: Path | None = None
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    """(path, headers in lower case, body)."""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    """What it answers."""
    answer: bytes = b"ok"
    judge: Callable[[str, dict[str, str], bytes], tuple[int, bytes]] | None = None
    """A service's own rules: (status, body) for a request; else `status` and `answer`."""
    hold: tuple[threading.Event, threading.Event] | None = None
    """(set when a request has arrived, waited for before it is taken)."""

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def texts(self) -> list[str]:
        """Header values and bodies; of JSON and of forms every string, as their receiver reads them."""
        found: list[str] = []
        for path, headers, body in self.requests:
            text, media = body.decode(), headers.get("content-type", "")
            found += [path, *headers.values(), text]
            if "json" in media:
                found += _strings(json.loads(text))
            elif "x-www-form-urlencoded" in media:
                found += [part for pair in parse_qsl(text) for part in pair]
        return found

    def close(self) -> None:
        """Nobody answers on this port any more."""
        self.server.shutdown()
        self.server.server_close()


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.items() for part in item for text in _strings(part)]
    if isinstance(value, list):
        return [text for item in value for text in _strings(item)]
    return []


def _serve(context: ssl.SSLContext | None) -> HttpReceiver:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            if receiver.hold is not None:
                arrived, let_go = receiver.hold
                arrived.set()
                let_go.wait(steady.PATIENCE)
            named = {name.lower(): value for name, value in self.headers.items()}
            receiver.requests.append((self.path, named, body))
            status, answer = receiver.status, receiver.answer
            if receiver.judge is not None:
                status, answer = receiver.judge(self.path, named, body)
            self.send_response(status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_PUT = do_POST  # noqa: N815  the base class's way

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            pass  # a client that refuses our certificate is what some tests want

    server = Server(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver = HttpReceiver(server, "https" if context else "http")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return receiver


@pytest.fixture
def http_receiver() -> Iterator[HttpReceiver]:
    """A plain HTTP receiver on 127.0.0.1."""
    receiver = _serve(None)
    yield receiver
    receiver.close()


@pytest.fixture
def https_receiver(server_tls: tuple[ssl.SSLContext, Path]) -> Iterator[HttpReceiver]:
    """A receiver whose certificate is of a CA that only ``ca_file`` knows."""
    context, ca_file = server_tls
    receiver = _serve(context)
    receiver.ca_file = ca_file
    yield receiver
    receiver.close()


@pytest.fixture(scope="session")
def server_tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """(server context for localhost and 127.0.0.1, PEM file to trust)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context, folder / "cert.pem"


@dataclass
class RunningFront:
    """A front process of its own, with nothing but its folder and an empty journal."""

    process: subprocess.Popen[bytes]
    address: tuple[str, int]
    journal: Path
    private_key: bytes
    sockets: list[socket.socket]

    def sightings(self) -> list[Sighting]:
        """What it has put on disk, in order."""
        opener = BoxOpener(self.private_key, "journal")
        return [
            sighting
            for path in segment.segments(self.journal)
            for frame in segment.frames(path, opener)
            for sighting in frame.sightings
        ]

    def connect(self) -> socket.socket:
        return socket.create_connection(self.address, timeout=steady.PATIENCE)

    def ask(self, data: bytes, *, end: bool = True) -> bytes:
        """Everything that comes back for ``data``, until the front closes."""
        with self.connect() as sock:
            sock.sendall(data)
            if end:
                with contextlib.suppress(OSError):  # the front may have closed already: refused, say
                    sock.shutdown(socket.SHUT_WR)
            return _all(sock)

    def stop(self) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        for sock in self.sockets:
            sock.close()
        return self.process.wait(steady.PATIENCE)


def _all(sock: socket.socket) -> bytes:
    found = bytearray()
    try:
        while data := sock.recv(65_536):
            found += data
    except ConnectionResetError:
        pass
    return bytes(found)


StartFront = Callable[..., RunningFront]


@pytest.fixture(scope="module")
def start_front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartFront]:
    """Starts a front with one trap (HTTP); its settings are the arguments. Its home is gone by the time it starts."""
    running: list[RunningFront] = []

    def start(
        trap: str = "http",
        *,
        prepare: Callable[[Home], object] = id,
        more: Sequence[socket.socket] = (),
        **settings: object,
    ) -> RunningFront:
        """``prepare`` the home; ``more`` sockets for the trap, behind the first. Every persona answers unless
        ``personas`` says otherwise."""
        if trap == "http":
            settings.setdefault("personas", ["all"])
        folder = tmp_path_factory.mktemp("front")
        home = Home.create(folder / "home", "")
        private_key = home.keys.journal
        prepare(home)
        shutil.copytree(front_files(home), folder / "front")
        home.store.close()
        shutil.rmtree(folder / "home")
        (folder / "journal").mkdir()
        sock = socket.create_server(("127.0.0.1", 0), backlog=1024)
        spec = Spec(
            folder=str(folder / "front"),
            journal=str(folder / "journal"),
            segment_bytes=64 << 20,
            limit_bytes=1 << 30,
            traps={trap: Opening(dict(settings), [one.fileno() for one in (sock, *more)])},
        )
        process = subprocess.Popen(
            [sys.executable, "-m", "listener.runtime.front"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[one.fileno() for one in (sock, *more)],
            cwd=folder,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(msgspec.json.encode(spec) + b"\n")
        process.stdin.flush()
        address = json.loads(process.stdout.readline())[trap][0]
        host, _, port = address.rpartition(":")
        running.append(
            RunningFront(process, (host, int(port)), folder / "journal", private_key, [sock, *more])
        )
        return running[-1]

    yield start
    for front in running:
        if front.process.returncode is None:
            front.stop()


@pytest.fixture(scope="module")
def front(start_front: StartFront) -> RunningFront:
    """One front that waits for whoever is slow, shared by the tests of a file."""
    names = ("greeting_seconds", "idle_seconds", "head_seconds", "request_seconds")
    return start_front(**dict.fromkeys(names, 10 * steady.PATIENCE))


@dataclass
class Listening:
    """``trapline listen`` on a fresh home."""

    process: subprocess.Popen[str]
    home: Path
    address: tuple[str, int]

    def child(self, name: str) -> int:
        """Process id of the front or the back."""
        for path in Path("/proc").glob("[0-9]*"):
            try:
                parent = int(path.joinpath("stat").read_text().rpartition(")")[2].split()[1])
                command = path.joinpath("cmdline").read_bytes().split(b"\0")
            except (OSError, IndexError):
                continue
            if parent == self.process.pid and f"listener.runtime.{name}".encode() in command:
                return int(path.name)
        raise LookupError(name)

    def ask(self, path: str = "/") -> bytes:
        with socket.create_connection(self.address, timeout=steady.PATIENCE) as sock:
            sock.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
            found = b""
            while data := sock.recv(65_536):
                found += data
        return found


def listen(home: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from listener.cli import main; main()",
            "--home",
            str(home),
            "listen",
            *options,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


Listen = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start_listen() -> Listen:
    """Starts ``trapline listen`` on a home."""
    return listen


@pytest.fixture
def listen_on(tmp_path: Path) -> Iterator[Callable[[Path], Listening]]:
    """Starts ``trapline listen`` on a home and waits until it is ready."""
    started: list[subprocess.Popen[str]] = []

    def start(home: Path) -> Listening:
        ready = tmp_path / f"ready-{len(started)}.json"
        process = listen(home, "--ready-file", str(ready))
        started.append(process)

        def opened() -> bool:
            assert process.poll() is None, process.communicate()
            return ready.exists()

        steady.until(opened, "it did not open its traps")
        host, _, port = json.loads(ready.read_text())["http"][0].rpartition(":")
        return Listening(process, home, (host, int(port)))

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
    for process in started:
        process.communicate(timeout=steady.PATIENCE)


@pytest.fixture
def listening(tmp_path: Path, listen_on: Callable[[Path], Listening]) -> Listening:
    """``trapline listen`` on a fresh home."""
    made = Home.create(tmp_path / "home", '[traps.http]\nbind = ["127.0.0.1:0"]\n')
    made.store.close()
    return listen_on(made.path)


@pytest.fixture(scope="session")
def shared_shop(cluster: PostgresCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subscribers]:
    with subscribers(cluster, tmp_path_factory.mktemp("shop")) as found:
        yield found


@pytest.fixture
def shop(shared_shop: Subscribers) -> Iterator[Subscribers]:
    """A table of subscribers without a sensor, as each test finds it and must leave it."""
    yield shared_shop
    shared_shop.restore()


@pytest.fixture
def own_shop(cluster: PostgresCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subscribers]:
    """One of the test's own, for what changes the table."""
    with subscribers(cluster, tmp_path_factory.mktemp("shop")) as found:
        yield found
