"""The API over a real home in which somebody planted, somebody else too, and a bait was used."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from canaries.installation.home import Home
from canaries.mint import catalogue
from canaries.plant import planting
from listener.api.application import create_api
from listener.api.rates import RateLimiter
from listener.incidents import queries
from tests import steady
from tests.accounts import token

WITHOUT_LIMIT = 1_000_000
SECRET = "whsec_" + base64.b64encode(b"x" * 24).decode()
TOML = f"""
[operator]
organisation = "Test Trust"
[channels.ops]
type = "webhook"
url = "http://127.0.0.1:9/"
allow = ["127.0.0.1"]
secret = "{SECRET}"
"""


@dataclass
class Desk:
    """The API, and tokens of one account a role."""

    home: Home
    app: Flask
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, name: str, role: str = "", *scopes: str) -> str:
        known = self.tokens.get(name)
        if known is None or scopes:
            known = self.tokens[name] = token(self.home, name, role or name, *scopes)
        return known

    def ask(self, who: str, method: str, path: str, **options: Any) -> TestResponse:
        """As the account ``who``, which is called as its role; empty: without a token."""
        headers = dict(options.pop("headers", {}))
        if who:
            headers["Authorization"] = f"Bearer {self.token(who)}"
        return self.app.test_client().open(path, method=method, headers=headers, **options)

    def entries(self, kind: str) -> list[Any]:
        with self.home.store.read() as connection:
            return list(self.home.reader.entries(connection, kind))

    def mint(self, who: str, **body: Any) -> dict[str, Any]:
        answer = self.ask(who, "POST", "/canaries", json={"kind": "url", **body})
        assert answer.status_code == 201, answer.text
        return dict(answer.json or {})


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    home = steady.installation(tmp_path / "home", TOML, "home")
    app = create_api(home, limiter=RateLimiter(WITHOUT_LIMIT, WITHOUT_LIMIT))
    yield Desk(home, app)
    app.extensions["trapline-api"].jobs.close()
    home.store.close()


@dataclass
class Story:
    """Ids of what is there: of the planter, and of somebody else."""

    own: str
    others: str
    own_place: str
    others_place: str
    hit: str
    incident: str
    entry: str
    earlier: str
    """Another incident, of the planter's canary; empty unless the test wants one."""
    lookup: str = ""
    """A look-up of a watched record, likewise."""
    fresh: Callable[[], tuple[str, str, str]] = lambda: ("", "", "")
    """Makes an incident of two hits, where the test wants it: its id, a hit of it, and another incident."""
    moved: str = ""
    other: str = ""
    """The last two of what it made."""


@pytest.fixture
def story(desk: Desk, tmp_path: Path, strike: Callable[..., str]) -> Story:
    """A canary of the planter and one of another planter, both planted, the other one used."""
    from canaries.ledger.sealer import LogSealer

    desk.token("second", "planter")
    own, others = desk.mint("planter", memo="mine")["id"], desk.mint("second", memo="theirs")["id"]
    places = []
    for name, canary in (("a", own), ("b", others)):
        target = tmp_path / name
        target.mkdir()
        places.append(planting.plant(desk.home, canary, str(target)).placement)
    hit = strike(desk.home, catalogue.find(desk.home, own))
    strike(desk.home, catalogue.find(desk.home, others))
    sealer = LogSealer(desk.home)
    sealer.seal_once()
    sealer.checkpoint()
    return Story(own, others, places[0], places[1], hit, queries.one(desk.home, hit).incident, hit, "")
