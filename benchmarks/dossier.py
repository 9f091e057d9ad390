"""Building and verifying a dossier, in processor time, against SHA-256 over what is in it.

Verifying is shared by as many processes as there are processors: its time by the clock is given too, which is what the
limits are about, and which grows with whatever else runs.
"""

from __future__ import annotations

import hashlib
import resource
import secrets
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from benchmarks._homes import browsing, temporary_home
from benchmarks._report import Report
from canaries.core import clock, store
from canaries.installation.home import Home
from canaries.ledger.checkpoints import log_verifier
from canaries.ledger.entries import Kind, new_id
from canaries.mint.minting import mint
from listener.dossier import verify
from listener.dossier.build import build
from listener.dossier.signing import Signer

_HITS = 10_000
_MANY = 10
"""How many times as large the other case is."""


def run(report: Report, scale: float = 1.0) -> None:
    """A case of many hits and one of ten times as many, each built and verified once."""
    count = max(10, round(_HITS * scale))
    few, many = (_case(size) for size in (count, _MANY * count))
    report.ratio("building takes / SHA-256 of the dossier's files", few.built / few.hashed)
    report.ratio("verifying takes / SHA-256 of the dossier's files", few.verified / few.hashed)
    report.ratio("building ten times the hits takes / ten times that", many.built / (_MANY * few.built))
    report.ratio(
        "verifying ten times the hits takes / ten times that", many.verified / (_MANY * few.verified)
    )
    for name, case, hits, build_most, verify_most in (
        ("10,000", few, _HITS, 10, 3),
        ("100,000", many, _MANY * _HITS, 60, 15),
    ):
        share = hits / case.hits
        report.figure(f"built, processor time for {name} hits", case.built * share, "s", most=build_most)
        report.figure(f"verified, processor time for {name} hits", case.verified * share, "s")
        report.figure(f"verified, by the clock, {name} hits", case.waited * share, "s", most=verify_most)


@dataclass(frozen=True, slots=True)
class _Cost:
    """Processor time, seconds."""

    hits: int
    built: float
    verified: float
    waited: float
    """Of verifying, by the clock, seconds."""
    hashed: float
    """Of SHA-256 over everything in it, once."""


def _case(count: int) -> _Cost:
    with temporary_home() as home:
        incident = _fill(home, count)
        out = home.path / "case.zip"
        made = _spent(lambda: build(home, incident=incident, out=out))
        keys = home.path / "log.vkey", home.path / "dossier.pem"
        keys[0].write_text(str(log_verifier(home)))
        keys[1].write_bytes(Signer(home).certificate)
        began = time.monotonic()
        checked = _spent(lambda: _verify(out, keys))
        waited = time.monotonic() - began
        with zipfile.ZipFile(out) as archive:
            content = [archive.read(name) for name in archive.namelist()]
    return _Cost(
        count, made, checked, waited, _spent(lambda: [hashlib.sha256(one).digest() for one in content])
    )


def _verify(dossier: Path, keys: tuple[Path, Path]) -> None:
    """As a stranger does: with a fresh interpreter and nothing but the script."""
    command = [sys.executable, "-I", verify.__file__, dossier, "--vkey", keys[0], "--cert", keys[1]]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _spent(work: Callable[[], object]) -> float:
    """Processor time of this process and of those that it starts, seconds: what others run beside counts little."""
    start = _used()
    work()
    return max(_used() - start, 1e-9)


def _used() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def _fill(home: Home, count: int) -> str:
    """``count`` hits of one canary in one incident, whose id comes back."""
    canary, incident = next(iter(mint(home, "url"))).canary.id, secrets.token_hex(5)
    at = clock.rfc3339(clock.from_micros(clock.micros()))
    with home.store.write() as connection:
        row = {"id": incident, "opened_at": at, "last_at": at, "hits": count, "state": "open"}
        connection.execute(insert(store.incident).values(**row))
    for start in range(0, count, 1_000):
        hits = [_hit(canary, number, at) for number in range(start, min(start + 1_000, count))]
        entries: list[tuple[Kind, str, str, str, dict[str, Any]]] = []
        rows, raws = [], []
        for body, raw in hits:
            hit, derived = new_id(), new_id()
            fact = {
                "network": {"source": "bench", "date": "2026-11-01", "asn": 64500, "organisation": "Example"}
            }
            said = {"hit": hit, "incident": incident, "facts": fact, "failed": {}, "egress": []}
            entries += [("hit", hit, at, "listener", body), ("derived", derived, at, "listener", said)]
            raws.append((hit, home.writer.seal(raw, hit)))
            rows.append((hit, canary, "path", "http", at, body["sighting"], bytes(16), incident, derived))
        with home.store.write() as connection:
            home.writer.append(connection, entries)
            home.store.bulk(connection, store.raw, raws)
            home.store.bulk(connection, store.hit, rows)
    return incident


def _hit(canary: str, number: int, at: str) -> tuple[dict[str, Any], bytes]:
    """(the entry's body, the raw request)."""
    raw = browsing(f"/{number}/", number)
    peer = {"ip": f"198.51.100.{number % 250}", "port": 20_000 + number % 40_000}
    headers = [line.split(": ", 1) for line in raw.decode().split("\r\n")[1:-2]]
    body = {
        "canary": canary,
        "kind": "url",
        "facet": "path",
        "facets": ["path"],
        "trap": "http",
        "observed_at": at,
        "source": peer,
        "peer": peer,
        "local": {"ip": "192.0.2.1", "port": 443},
        "transport": "tcp",
        "raw_sha256": hashlib.sha256(raw).hexdigest(),
        "raw_len": len(raw),
        "raw_size": len(raw),
        "raw_truncated": False,
        "sighting": secrets.token_hex(16),
        "front": "bench",
        "number": number,
        "connection": number,
        "clock": {"source": "ntp", "offset_us": 12, "checked_at": at},
        "tls": None,
        "via": None,
        "answer": "page 404",
        "observed": {"method": "GET", "target": f"/{number}/", "headers": headers},
        "notes": {},
        "listener": {"version": "bench"},
    }
    return body, raw
