"""A small real case: canaries, placements, hits from hostile visitors, notes and another matter in the same log."""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from canaries.core import store
from canaries.core.model import Canary, Token
from canaries.crypto.token_tags import normal, tagger
from canaries.installation.home import Home
from canaries.ledger.entries import Kind, canonical, new_id
from canaries.ledger.sealer import LogSealer
from listener.dossier.build import build
from listener.dossier.case import Case
from listener.dossier.collect import collect, scope_of
from tests import steady
from tests.conftest import TOML

AT = "2026-11-22T12:00:00.000000Z"
HOSTILE = "<script>alert(1)</script> =cmd|'/c calc'!A1 \u202e<!channel>"


@dataclass(frozen=True, slots=True)
class Story:
    """What was put into the home."""

    home: Home
    incident: str
    canary: str
    other: str
    """A canary of another matter."""
    hits: tuple[str, ...]


def mint(home: Home, connection: Connection, token: str) -> str:
    """A canary with one token, in ledger and vault as `canaries.mint` does it."""
    canary = Canary(
        id=secrets.token_hex(8),
        kind="url",
        memo=f"memo {HOSTILE}",
        owner="alice.a",
        recipient="",
        created_at=AT,
        expires_at="",
        options={},
        seed="",
        parent="",
        tokens=(Token("path", token),),
        text=f"https://bait.example/{token}\n",
        files=(),
        row={},
        nonce=secrets.token_hex(16),
    )
    line = canonical(canary)
    body = {"kind": "url", "count": 1, "canaries": [[canary.id, hashlib.sha256(line).hexdigest()]]}
    entry = home.writer.record(connection, "minted", AT, "alice.a", body)
    connection.execute(
        insert(store.canary).values(
            id=canary.id,
            entry_id=entry,
            kind="url",
            created_at=AT,
            expires_at="",
            sealed=home.writer.seal(line, canary.id),
        )
    )
    tag = tagger(home.keys.lookup)(normal(token, folds=canary.tokens[0].folds))
    home.store.bulk(connection, store.token, [(tag, canary.id, "path", 0, 1)])
    return canary.id


def hit(home: Home, connection: Connection, canary: str, incident: str, number: int) -> str:
    """A hit and its facts, as `listener.ingest.intake` writes them."""
    raw = f"GET /{number}/x HTTP/1.1\r\nHost: bait.example\r\nUser-Agent: {HOSTILE}\r\n\r\n".encode()
    at = f"2026-11-22T12:{number // 60 % 60:02d}:{number % 60:02d}.000000Z"
    address = {"ip": f"203.0.113.{number % 250}", "port": 40000 + number % 20000}
    body: dict[str, Any] = {
        "canary": canary,
        "kind": "url",
        "facet": "path",
        "facets": ["path"],
        "trap": "http",
        "observed_at": at,
        "source": address,
        "peer": address,
        "local": {"ip": "198.51.100.10", "port": 443},
        "transport": "tcp",
        "raw_sha256": hashlib.sha256(raw).hexdigest(),
        "raw_len": len(raw),
        "raw_size": len(raw),
        "raw_truncated": False,
        "sighting": secrets.token_hex(16),
        "front": "f1",
        "number": number,
        "connection": number,
        "clock": {"source": "ntp", "offset_us": 12, "checked_at": AT},
        "tls": None,
        "via": None,
        "answer": "page 404",
        "observed": {"method": "GET", "target": f"/{number}/x", "headers": [["User-Agent", HOSTILE]]},
        "notes": {},
        "listener": {"version": "0"},
    }
    facts = {"network": {"source": "test-db", "date": "2026-11-01", "asn": 64500, "organisation": HOSTILE}}
    hit_id, derived_id = new_id(), new_id()
    derived = {"hit": hit_id, "incident": incident, "facts": facts, "failed": {"dns": "off"}, "egress": []}
    entries: list[tuple[Kind, str, str, str, dict[str, Any]]] = [
        ("hit", hit_id, at, "listener", body),
        ("derived", derived_id, at, "listener", derived),
    ]
    home.writer.append(connection, entries)
    home.store.bulk(connection, store.raw, [(hit_id, home.writer.seal(raw, hit_id))])
    row = (hit_id, canary, "path", "http", at, body["sighting"], bytes(16), incident, derived_id)
    home.store.bulk(connection, store.hit, [row])
    return hit_id


def incident(connection: Connection) -> str:
    """An open incident."""
    name = secrets.token_hex(8)
    connection.execute(insert(store.incident).values(id=name, opened_at=AT, last_at=AT, hits=0, state="open"))
    return name


def tell(home: Home, count: int) -> Story:
    """``count`` hits of one incident between entries of another matter; checkpoints in between."""
    sealer = LogSealer(home)
    with home.store.write() as connection:
        canary, other = mint(home, connection, "tokenone"), mint(home, connection, "tokentwo")
        mine, theirs = incident(connection), incident(connection)
        place = home.writer.record(connection, "planted", AT, "alice.a", {"canary": canary, "target": "/srv"})
        connection.execute(
            insert(store.placement).values(
                id="p" * 16, entry_id=place, canary_id=canary, planted_at=AT, state="there"
            )
        )
    sealer.seal_once()
    sealer.checkpoint()
    hits: list[str] = []
    for start in range(0, count, 1000):
        with home.store.write() as connection:
            numbers = range(start, min(start + 1000, count))
            hits += [hit(home, connection, canary, mine, number) for number in numbers]
    sealer.seal_once()
    sealer.checkpoint()
    with home.store.write() as connection:
        hit(home, connection, other, theirs, 7)
        home.writer.record(connection, "noted", AT, "robert", {"incident": mine, "text": f"a note {HOSTILE}"})
        home.writer.record(
            connection, "noted", AT, "robert", {"incident": theirs, "text": "not of this case"}
        )
        home.writer.record(
            connection, "alerted", AT, "courier", {"canary": canary, "incident": mine, "channel": "ops"}
        )
        judgement = {
            "incident": mine,
            "statement": "the file was read by an unauthorised person",
            "likelihood": "likely",
            "band": "55-80 %",
            "confidence": "low",
            "because": "one source only",
            "alternatives": ["own backup"],
            "assumptions": [],
            "evidence": [hits[0]],
            "would_change": "a provider's answer",
        }
        home.writer.record(connection, "assessed", AT, "caroline", judgement)
    return Story(home, mine, canary, other, tuple(hits))


@pytest.fixture
def telling() -> Callable[[Home, int], Story]:
    """`tell`, for tests that want another number of hits."""
    return tell


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Three hits of one incident, told once: the tests get copies."""
    home = steady.installation(tmp_path_factory.mktemp("told") / "home", TOML, "home")
    made = tell(home, 3)
    home.close()
    return made


@pytest.fixture(scope="session")
def built(told: Story, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after its dossier was built, and ``case.zip`` beside it."""
    folder = tmp_path_factory.mktemp("built")
    home = like(told.home.path, folder / "home")
    build(home, incident=told.incident, out=folder / "case.zip")
    home.close()
    return folder


def like(other: Path, folder: Path) -> Home:
    """A home in ``folder`` as the installation in ``other`` is."""
    shutil.copytree(other, folder, ignore=shutil.ignore_patterns("shipped"))
    steady.unpacked(folder)
    return Home.open(folder)


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    """A copy of what was told or built, for tests that want either; for others a fresh installation."""
    if "dossier" in request.fixturenames:
        made = like(request.getfixturevalue("built") / "home", tmp_path / "home")
    elif "story" in request.fixturenames:
        made = like(request.getfixturevalue("told").home.path, tmp_path / "home")
    else:
        made = steady.installation(tmp_path / "home", TOML, "home")
    yield made
    made.store.close()


@pytest.fixture
def story(home: Home, told: Story) -> Story:
    """Three hits of one incident."""
    return dataclasses.replace(told, home=home)


@pytest.fixture
def dossier(story: Story, built: Path, tmp_path: Path) -> Path:
    """The dossier on that incident."""
    for name in ("case.zip", "case.zip.sha256"):
        shutil.copy(built / name, tmp_path / name)
    return tmp_path / "case.zip"


@pytest.fixture
def case(story: Story) -> Case:
    """The incident, sealed and collected."""
    sealer = LogSealer(story.home)
    sealer.seal_once()
    sealer.checkpoint()
    return collect(story.home, scope_of(story.home, story.incident, None))
