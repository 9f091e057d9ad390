"""The back half of the HTTP trap: sifting and observing say together what reading says."""

from __future__ import annotations

import pytest

from listener.evidence.sighting import Sighting
from listener.traps.http import HttpTrap


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /x?q=1 HTTP/1.1\r\nHost: a.example\r\nAuthorization: Basic dXNlcjpwYXNz\r\nCookie: a=b\r\n\r\n",
        b'POST /x HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{"key": "a value of some length"}',
        b"not HTTP at all",
        b"",
    ],
)
def test_what_is_observed_is_the_same_either_way(raw: bytes) -> None:
    sighting = Sighting(
        id="0" * 32, trap="http", observed_at=0, peer=("127.0.0.1", 1), local=("127.0.0.1", 2), transport="tcp",
        raw=raw, size=len(raw), front="f", number=1, connection=1, clock={}, tls={"sni": "a.example"},
    )  # fmt: skip
    assert HttpTrap.observe(sighting) == HttpTrap.read(sighting).observed
    assert HttpTrap.sift(sighting).bounds == HttpTrap.read(sighting).bounds
