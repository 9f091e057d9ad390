"""A console over a real home, and hits that came in by the real intake."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache

from canaries.accounts import accounts, approvals, tokens
from canaries.accounts.permissions import actor
from canaries.core import clock
from canaries.core.model import Canary
from canaries.installation.home import Home
from canaries.mint import amending, catalogue
from canaries.mint.minting import mint
from listener.console.app import create_app
from listener.console.auth import Doorkeeper
from listener.facts import Source
from listener.incidents import operator_acts, queries
from listener.lookups import browsing
from listener.lookups.listing import LookupFilter
from listener.lookups.review import record_outcome
from listener.notify import rules
from tests.look_ups import line, take_in, watch

HOST = "127.0.0.1:4711"
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\u202e<!channel> =cmd|'/c calc'!A1 {{7*7}} \x1b[2J"
)


class CompiledTemplates(BytecodeCache):
    """In memory: each test has an application of its own, and each would compile every template anew."""

    def __init__(self) -> None:
        self._code: dict[str, Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get(bucket.key + bucket.checksum)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key + bucket.checksum] = bucket.code


@pytest.fixture(autouse=True, scope="session")
def _compiled_templates() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Flask.jinja_options, "bytecode_cache", CompiledTemplates())
        yield


@dataclass
class Ticks:
    """A monotonic clock that stands still."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Console:
    """A console, and a browser that has come in by the link."""

    home: Home
    app: Flask
    client: FlaskClient
    ticks: Ticks

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(path, base_url=f"http://{HOST}", **({"buffered": True} | options))

    def post(
        self, path: str, data: dict[str, str] | None = None, *, csrf: str | None = None, **options: Any
    ) -> Any:
        """With the page's own token unless another is given; empty: none."""
        token = self.csrf() if csrf is None else csrf
        fields = dict(data or {}) | ({"csrf": token} if token else {})
        return self.client.post(path, data=fields, base_url=f"http://{HOST}", **options)

    def csrf(self) -> str:
        page = self.get("/placements").get_data(as_text=True)
        found = re.search(r'name="csrf" value="([\w-]+)"', page)
        assert found, page
        return found[1]

    def entries(self, kind: str) -> list[Any]:
        with self.home.store.read() as connection:
            return list(self.home.reader.entries(connection, kind))


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def hostile() -> str:
    """What a visitor may send in any field."""
    return HOSTILE


@pytest.fixture
def console(home: Home, ticks: Ticks) -> Console:
    app = create_app(home, host=HOST, doorkeeper=Doorkeeper(ticks))
    app.testing = True
    made = Console(home, app, app.test_client(), ticks)
    link = app.extensions["trapline"].doorkeeper.link()
    assert made.get(f"/enter/{link}").status_code == 200
    return made


@pytest.fixture
def canary(home: Home) -> Canary:
    """A tracking URL, minted."""
    made = next(iter(mint(home, "url", memo="wiki, page on backups")))
    return catalogue.find(home, made.canary.id)


@pytest.fixture
def visit(home: Home, fact_sources: list[Source]) -> Callable[..., str]:
    """Let somebody use a canary: through the journal's sighting and the real intake. Gives the hit's id."""
    from listener.evidence.sighting import Sighting
    from listener.ingest.intake import Intake

    intake = Intake(home, fact_sources)
    state = {"number": 0}

    def use(canary: Canary, *, agent: str = "curl/8.5.0", ip: str = "198.51.100.7", port: int = 40001) -> str:
        state["number"] += 1
        number = state["number"]
        token = next(token for token in canary.tokens if not token.weak)
        raw = (
            f"GET /{token.value}/q?x={'y' * 3} HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: ".encode()
            + agent.encode()
            + b"\r\nAccept: */*\r\n\r\n"
        )
        sighting = Sighting(
            id=f"{number:032x}",
            trap="http",
            observed_at=clock.micros(),
            peer=(ip, port),
            local=("203.0.113.5", 80),
            transport="tcp",
            raw=raw,
            size=len(raw),
            front="0123456789abcdef",
            number=number,
            connection=number,
            clock={"source": "ntp", "offset_us": 250, "checked_at": "2026-01-01T00:00:00.000000Z"},
            answer="page 404",
        )
        assert intake.ingest([sighting], "0000", number) == 1
        from sqlalchemy import select

        from canaries.core import store

        with home.store.read() as connection:
            return str(
                connection.execute(
                    select(store.hit.c.id).where(store.hit.c.sighting == sighting.id)
                ).scalar_one()
            )

    return use


@pytest.fixture
def scene(console: Any, canary: Canary, visit: Callable[..., str], hostile: str) -> list[str]:
    """Every page there is, over data in which whatever can be hostile is. Gives the addresses."""
    hostile += " " + "W" * 400  # a word in which no line can be broken
    hit = visit(canary, agent=hostile.replace("\x1b", ""))
    incident = queries.one(console.home, hit).incident
    operator_acts.note(console.home, incident, hostile)
    operator_acts.assess(
        console.home, incident, hostile, "likely", "low", [hostile], because=hostile, would_change=hostile
    )
    operator_acts.rate(console.home, incident, "own", "likely", hostile)
    operator_acts.assign(console.home, incident, "=cmd|'/c <b>", hostile)
    operator_acts.close(console.home, incident, hostile, "test")
    amending.amend(console.home, [canary], memo=hostile, owner=hostile, recipient=hostile, tags=[hostile])
    someone, _ = accounts.add(console.home, "somebody", "analyst", hostile)
    tokens.create(console.home, someone, "of the pipeline <b>")
    approvals.ask(console.home, actor(someone.id, "somebody", "analyst"), "raw", f"hit {hit}", hostile)
    rules.add(
        *(console.home, "mute"),
        expires_at="2999-01-01T00:00:00.000000Z",
        reason=hostile,
        owner=hostile,
        client=hostile,
        canary=canary.id,
    )
    [record] = watch(console.home, "5", person="staff-7")
    take_in(console.home, line(record, user=hostile, application=hostile, reason=hostile, actor=hostile))
    [lookup] = browsing.page(console.home, LookupFilter()).found
    record_outcome(console.home, [lookup.id], "asked", hostile)
    return [
        *("/hits", f"/hits/{hit}", "/incidents", f"/incidents/{incident}"),
        *("/canaries", f"/canaries/{canary.id}", "/placements", f"/hits?before={'f' * 32}", "/nowhere"),
        *("/health", "/mint", "/mint/config", "/mint/config/stripe-key", f"/minted/{canary.id}?place=page"),
        *("/alerts", "/ledger", "/trail", f"/canaries?words={quote(hostile)}&tag=x", "/incidents?state=open"),
        *("/links", f"/links?incident={incident}"),
        *("/accounts", f"/accounts/{someone.id}", "/you", "/approvals"),
        *("/lookups", f"/lookups/{lookup.id}", "/lookups/review?week=2026-W48", "/lookups?reason=missing"),
    ]
