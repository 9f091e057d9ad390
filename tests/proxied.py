"""A real proxy before a real database server. Its listener is away: what it would report is in its spool, and is taken
in from there."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from canaries.installation.home import Home
from listener.evidence.sighting import Sighting
from listener.facts.derive import load
from listener.ingest.intake import Intake
from listener.sensors.report import sighting_id
from tests import steady
from tests.programs import require

SENSOR = "proxy-1"


@dataclass(frozen=True, slots=True)
class RunningProxy:
    """One, and its files."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def said(self) -> str:
        return (self.folder / "said").read_text()

    def reports(self, count: int) -> list[dict[str, Any]]:
        """What is in the spool, as soon as it is so many; the spool is emptied."""
        spool = self.folder / "spool"
        steady.until(
            lambda: len(_lines(spool)) >= count, lambda: f"{len(_lines(spool))} reports; {self.said}"
        )
        found = [json.loads(line) for line in _lines(spool)]
        assert len(found) == count, [one["facts"].get("query") for one in found]
        spool.unlink(missing_ok=True)
        return found


def _lines(spool: Path) -> list[str]:
    return spool.read_text().splitlines() if spool.exists() else []


def settings(folder: Path, **values: object) -> Path:
    """A file of settings; a sensor's file and rows that know nothing are beside it, unless they are there already."""
    (folder / "sensor.json").write_text(
        json.dumps({"name": SENSOR, "key": "0" * 64, "report_to": [f"unix:{folder}/nobody"]})
    )
    rows = folder / "rows.json"
    if not rows.exists():
        rows.write_text(json.dumps({"version": 1, "salt": "", "tables": [], "honey": []}))
    usual = {"bind": ["127.0.0.1:0"], "sensor": "sensor.json", "rows": "rows.json", "spool": "spool"}
    lines = [f"{name} = {json.dumps(value)}" for name, value in (usual | values).items()]
    path = folder / "proxy.toml"
    path.write_text("\n".join(["[proxy]", *lines, ""]))
    return path


@contextlib.contextmanager
def running(folder: Path, **values: object) -> Iterator[RunningProxy]:
    """A process of its own, ended politely."""
    path, ready = settings(folder, **values), folder / "ready"
    command = [
        sys.executable,
        "-m",
        "listener",
        "sensors",
        "proxy",
        "run",
        str(path),
        "--ready-file",
        str(ready),
    ]
    ready.unlink(missing_ok=True)
    with (folder / "said").open("ab") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
    try:
        steady.until(lambda: ready.exists() and ready.read_text(), lambda: (folder / "said").read_text())
        place = json.loads(ready.read_text())["proxy"][0]
        yield RunningProxy(folder, int(place.rpartition(":")[2] or 0), process)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(steady.PATIENCE) == 0, (folder / "said").read_text()


def take_in(home: Home, reports: list[dict[str, Any]]) -> int:
    """As the front and the back of a listener do; how many hits there were."""
    found = []
    for number, report in enumerate(reports):
        body = json.dumps(report).encode()
        raw = b"POST /report HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        here = ("127.0.0.1", 0)
        found.append(
            Sighting(
                sighting_id(SENSOR, report["id"]),
                "sensors",
                1_795_766_400_000_000 + number,
                here,
                here,
                "unix",
                raw,
                len(raw),
                "f",
                number + 1,
                number + 1,
                {},
                notes={"sensor": SENSOR},
                via={"how": "sensor", "chain": [SENSOR]},
                answer="report 200",
            )
        )
    return Intake(home, load(home)).ingest(found, "0000", 1)


@contextlib.contextmanager
def mariadb_with_grants(*options: str) -> Iterator[int]:
    """The port of a server that asks for passwords; root has none. Skips where there is no MariaDB."""
    require("mariadb-install-db", "mariadbd")
    folder, port = Path(tempfile.mkdtemp(prefix="mariadb")), steady.free_port()
    plain = ["--no-defaults", f"--datadir={folder / 'data'}"] + (["--user=root"] if os.geteuid() == 0 else [])
    made = ["mariadb-install-db", *plain, "--auth-root-authentication-method=normal", "--skip-test-db"]
    subprocess.run(made, check=True, capture_output=True, timeout=steady.PATIENCE)
    more = ["--skip-networking=0", "--bind-address=127.0.0.1", f"--port={port}", f"--socket={folder / 's'}"]
    more += ["--innodb-flush-log-at-trx-commit=0", f"--log-error={folder / 'log'}", *options]
    process = subprocess.Popen([shutil.which("mariadbd") or "mariadbd", *plain, *more])
    try:
        steady.until(lambda: _answers(port), lambda: (folder / "log").read_text("utf-8")[-2000:])
        yield port
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


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files of one certificate authority: what each holds, its key included."""

    folder: Path

    @property
    def ca(self) -> str:
        return str(self.folder / "ca.pem")

    def of(self, name: str, *, days: int = 30) -> str:
        """A certificate for ``name`` and 127.0.0.1, with its key in the same file."""
        path = self.folder / f"{name}.pem"
        if not path.exists():
            path.write_bytes(_issued(name, _read(self.folder / "ca.key"), ca=False, days=days))
            path.chmod(0o600)
        return str(path)


def _read(path: Path) -> ec.EllipticCurvePrivateKey:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def certificates(folder: Path) -> Certificates:
    """A new authority in ``folder``."""
    folder.mkdir(exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    (folder / "ca.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "ca.pem").write_bytes(_issued("authority", key, ca=True, days=30))
    return Certificates(folder)


def _issued(name: str, issuer: ec.EllipticCurvePrivateKey, *, ca: bool, days: int) -> bytes:
    key = issuer if ca else ec.generate_private_key(ec.SECP256R1())
    subject, authority = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, "authority")
    )
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
    )
    made = built.sign(issuer, hashes.SHA256()).public_bytes(Encoding.PEM)
    return made if ca else made + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def counts(reports: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """(rows, strings) of each report."""
    return [(len(one["rows"]), len(one["found"])) for one in reports]


def facts(report: Mapping[str, Any], *names: str) -> list[Any]:
    """Some of a report's facts."""
    return [report["facts"].get(name) for name in names]
