"""A hit as the stable JSON object that programs read."""

from __future__ import annotations

import json
from collections.abc import Callable

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.incidents import queries


def test_the_object_of_hits_json(home: Home, strike: Callable[..., str]) -> None:
    canary = next(iter(mint(home, "url"))).canary
    hit_id = strike(home, canary, agent="curl/8.5.0", ip="198.51.100.7", port=40001)
    (hit,) = queries.hits(home)
    value = json.loads(json.dumps(hit.as_dict()))
    facts, digest = value.pop("facts"), value.pop("raw_sha256")
    assert value == {
        "id": hit_id,
        "canary": canary.id,
        "kind": "url",
        "facet": "path",
        "facets": ["path"],
        "trap": "http",
        "observed_at": "2026-11-22T12:00:00.000000Z",
        "source": {"ip": "198.51.100.7", "port": 40001},
        "peer": {"ip": "198.51.100.7", "port": 40001},
        "local": {"ip": "203.0.113.5", "port": 80},
        "transport": "tcp",
        "via": None,
        "client": "curl/8.5.0",
        "request": f"GET /{canary.tokens[0].value}/q",
        "host": "127.0.0.1",
        "tls": None,
        "answer": "page 404",
        "raw_truncated": False,
        "incident": hit.incident,
        "why": hit.why,
        "failed": {},
        "sealed": None,
    }
    assert set(facts) >= {"network", "netclass", "client", "timing", "consistency", "verdict"}
    assert len(digest) == 64


def test_an_incident_as_json(home: Home, strike: Callable[..., str]) -> None:
    strike(home, next(iter(mint(home, "url"))).canary)
    (found,) = queries.incidents(home)
    value = json.loads(json.dumps(found.as_dict()))
    assert (value["id"], value["hits"], value["notes"], value["assessments"]) == (found.id, 1, [], [])
