"""Makes the sample dossier: a small invented case, told through the real programs with a fixed clock and fixed draws.

    python examples/sample-dossier/make.py FOLDER

writes ``sample.zip`` and the public keys that it is verified with; what was there is replaced. Names and addresses are
those that standards reserve for documentation (RFC 5737, RFC 5398, RFC 2606); nobody in it exists.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import insert, select

from canaries.core import clock, store
from canaries.core.clock import FixedClock, rfc3339
from canaries.core.model import Canary
from canaries.installation.home import Home
from canaries.ledger.checkpoints import log_verifier
from canaries.ledger.sealer import LogSealer
from canaries.mint import catalogue
from canaries.mint.minting import mint
from listener.dossier.build import build
from listener.dossier.signing import Signer
from listener.evidence.derived import Facts
from listener.evidence.sighting import Sighting
from listener.facts import Source, Use
from listener.facts.derive import load
from listener.incidents import operator_acts
from listener.ingest.intake import Intake

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TOML = """
[operator]
organisation = "Example Trust"
contact = "security@example.org"
timezone = "Europe/Paris"

[bait]
base_url = "https://files.example.org"
"""
NETWORKS = {
    "198.51.100": ("Example Hosting", 64500, "NL"),
    "203.0.113": ("Example Access", 64501, "FR"),
    "192.0.2": ("Example Mobile", 64502, "FR"),
}
USES = (
    # hours after planting, address, port, which bait, client
    (0.02, "192.0.2.10", 50001, "link", "ExampleMailScanner/2.1"),
    (
        26.4,
        "203.0.113.77",
        41822,
        "link",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    ),
    (26.5, "203.0.113.77", 41830, "key", "python-requests/2.32.3"),
    (26.51, "203.0.113.77", 41831, "key", "python-requests/2.32.3"),
    (27.1, "203.0.113.77", 41902, "token", "git/2.45.1"),
    (29.8, "198.51.100.23", 33801, "key", "python-requests/2.32.3"),
    (29.81, "198.51.100.23", 33802, "token", "git/2.45.1"),
    (51.2, "198.51.100.23", 36110, "key", "curl/8.5.0"),
    (74.9, "198.51.100.24", 36500, "key", "curl/8.5.0"),
    (75.0, "198.51.100.24", 36512, "link", "curl/8.5.0"),
    (98.3, "203.0.113.77", 47001, "key", "python-requests/2.32.3"),
)


class SampleNetwork(Source):
    """Says of the reserved addresses what the case's story says of them."""

    name = "network"
    order = 10

    def derive(self, use: Use, facts: Facts) -> Mapping[str, object] | None:
        organisation, asn, country = NETWORKS[use.sighting.peer[0].rpartition(".")[0]]
        where = {"asn": asn, "organisation": organisation, "country": country}
        return {"source": "sample data", "date": "2026-03-01", **where}


@contextmanager
def fixed() -> Iterator[FixedClock]:
    """A clock that stands where it is put, and draws that are the same each time; they protect nothing."""
    now, drawn = FixedClock(START), 0

    def token_bytes(size: int) -> bytes:
        nonlocal drawn
        drawn += 1
        return hashlib.shake_256(f"sample {drawn}".encode()).digest(size)

    def bits(count: int) -> int:
        return int.from_bytes(token_bytes((count + 7) // 8), "big") & (1 << count) - 1

    sign = x509.CertificateBuilder.sign
    key = ec.derive_private_key(
        int.from_bytes(hashlib.sha256(b"sample certificate").digest()), ec.SECP256R1()
    )

    def signed(builder: x509.CertificateBuilder, *arguments: Any) -> x509.Certificate:
        return sign(
            builder,
            *arguments,
            ecdsa_deterministic=isinstance(arguments[0], ec.EllipticCurvePrivateKey) or None,
        )

    def micros() -> int:
        return round(now.moment.timestamp() * 1_000_000)

    with (
        mock.patch.object(x509.CertificateBuilder, "sign", signed),
        mock.patch.object(x509, "random_serial_number", return_value=bits(64)),
        mock.patch.object(ec, "generate_private_key", return_value=key),
        mock.patch.object(secrets, "token_bytes", token_bytes),
        mock.patch.object(secrets, "token_hex", lambda size: token_bytes(size).hex()),
        mock.patch.object(secrets, "randbits", bits),
        mock.patch.object(clock, "micros", micros),
    ):
        yield now


def make(folder: Path) -> Path:
    """The dossier in ``folder``, which is there, with log.vkey and dossier.pem beside it."""
    with fixed() as now, tempfile.TemporaryDirectory() as work, mock.patch.dict(os.environ, _as("mara")):
        home = Home.create(Path(work) / "home", TOML, now)
        (home.keys.folder / "log").write_text(hashlib.sha256(b"sample log key").hexdigest())
        home = Home.open(home.path, now)
        baits = {
            "link": _bait(home, "url", "wiki page on payroll", "wiki.example.org/payroll", "payroll team"),
            "key": _bait(home, "openai-key", "build server's settings", "build.example.org:/srv/ci/.env"),
            "token": _bait(home, "github-token", "build server's settings", "build.example.org:/srv/ci/.env"),
        }
        _seal(home)
        incident = _told(home, now, baits)
        for name in ("sample.zip", "sample.zip.sha256"):
            (folder / name).unlink(missing_ok=True)
        made = build(home, incident=incident, out=folder / "sample.zip", why="sample")
        (folder / "log.vkey").write_text(f"{log_verifier(home)}\n")
        (folder / "dossier.pem").write_bytes(Signer(home).certificate)
        home.close()
        return made


def _told(home: Home, now: FixedClock, baits: Mapping[str, Canary]) -> str:
    """What happened; the id of the incident with the most hits."""
    facts = sorted([*load(home), SampleNetwork(home.path)], key=lambda source: (source.order, source.name))
    intake = Intake(home, [one for one in facts if one.name != "network" or isinstance(one, SampleNetwork)])
    for number, (hours, ip, port, bait, client) in enumerate(USES, 1):
        now.moment = START
        now.advance(hours=hours)
        intake.ingest(
            [_sighting(number, rfc3339(now.moment), (ip, port), baits[bait], client)], "sample", number
        )
        now.advance(seconds=1)
        if number == 1:
            now.advance(minutes=40)
            with mock.patch.dict(os.environ, _as("ines")):
                catalogue.reveal(
                    home, baits["key"].id, "the build server was moved: is it still in its place?"
                )
        _seal(home)
    with home.store.read() as connection:
        table = store.hit
        ids = list(connection.execute(select(table.c.incident_id, table.c.id).order_by(table.c.observed_at)))
    found = [row.incident_id for row in ids]
    incident = max(sorted(set(found)), key=found.count)
    now.advance(hours=1)
    operator_acts.note(home, incident, "The build server was taken off the network at 11:00 (UTC).")
    with mock.patch.dict(os.environ, _as("noor")):
        operator_acts.assess(
            home,
            incident,
            "Somebody who can read the build server's settings used what stood there.",
            "likely",
            "moderate",
            ["a program of our own that reads these settings"],
            because="two sorts of credentials out of one file, used from two networks",
            evidence=[next(row.id for row in ids if row.incident_id == incident)],
            would_change="a list of the programs that read the file",
        )
    now.advance(minutes=30)
    return str(incident)


def _bait(home: Home, kind: str, memo: str, target: str, recipient: str = "") -> Canary:
    canary = next(mint(home, kind, memo=memo, recipient=recipient, draw=secrets.token_bytes)).canary
    with home.store.write() as connection:
        entry = home.writer.record(
            connection, "planted", home.now(), "mara", {"canary": canary.id, "target": target}
        )
        row = {"id": secrets.token_hex(8), "entry_id": entry, "canary_id": canary.id}
        connection.execute(insert(store.placement).values(**row, planted_at=home.now(), state="there"))
    return canary


def _sighting(number: int, at: str, peer: tuple[str, int], canary: Canary, client: str) -> Sighting:
    token = next(token for token in canary.tokens if not token.weak)
    path = f"/{token.value}" if canary.kind == "url" else "/v1/models"
    secret = "" if canary.kind == "url" else f"Authorization: Bearer {token.value}\r\n"
    head = f"GET {path} HTTP/1.1\r\nHost: files.example.org\r\nUser-Agent: {client}\r\n{secret}\r\n".encode()
    return Sighting(
        id=secrets.token_hex(16),
        trap="http",
        observed_at=round(clock.parse_rfc3339(at).timestamp() * 1_000_000),
        peer=peer,
        local=("192.0.2.200", 443),
        transport="tcp",
        raw=head,
        size=len(head),
        front="0123456789abcdef",
        number=number,
        connection=number,
        clock={"source": "ntp", "offset_us": 250, "checked_at": at},
        answer="page 404",
    )


def _seal(home: Home) -> None:
    sealer = LogSealer(home)
    sealer.seal_once()
    sealer.checkpoint()


def _as(name: str) -> dict[str, str]:
    return {"TRAPLINE_OPERATOR": name}


if __name__ == "__main__":
    print(make(Path(sys.argv[1])))
