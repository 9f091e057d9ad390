"""GreyNoise Community: its documented answers; that an address was not seen is an answer too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from listener.outside import OutsideAnswer, OutsideError
from listener.outside.greynoise import GreyNoise, GreyNoiseSettings
from tests.every import every
from tests.outside_servers import WebService

PATH = "/v3/community/198.51.100.7"
SEEN = {
    "ip": "198.51.100.7",
    "noise": True,
    "riot": False,
    "classification": "malicious",
    "name": "unknown",
    "link": "https://viz.greynoise.io/ip/198.51.100.7",
    "last_seen": "2026-11-20",
    "message": "Success",
}


def asked(web: WebService, ca_file: str) -> OutsideAnswer:
    chosen = GreyNoiseSettings(url=f"{web.url}/v3/community/", key="s3cret", ca_file=ca_file)
    return GreyNoise(chosen, Path()).ask("198.51.100.7")


def test_seen_and_not_seen(web: WebService, ca_file: str) -> None:
    web.answers[PATH] = 200, {}, SEEN
    found = asked(web, ca_file)
    assert found.fact == {
        name: SEEN[name] for name in ("noise", "riot", "classification", "name", "last_seen")
    }
    assert web.asked[0][1]["key"] == "s3cret"
    assert "s3cret" not in str(found)
    not_seen = {"ip": "198.51.100.7", "noise": False, "riot": False, "message": "IP not observed"}
    web.answers[PATH] = 404, {}, not_seen
    assert asked(web, ca_file).fact == {"noise": False, "riot": False}


@every(
    "answer",
    [
        (404, {}, {}),
        (200, {}, SEEN | {"ip": "198.51.100.8"}),
        (200, {}, SEEN | {"noise": "yes"}),
        (400, {}, {"message": "Request is not a valid routable IPv4 address"}),
        (401, {}, {"message": "Authentication error. Invalid API key"}),
        (429, {}, {"plan": "Unauthenticated", "rate-limit": "10-lookups/day"}),
        (500, {}, {"message": "internal error"}),
    ],
)
def test_every_other_answer_is_a_sentence(web: WebService, ca_file: str, answer: Any) -> None:
    web.answers[PATH] = answer
    with pytest.raises(OutsideError) as caught:
        asked(web, ca_file)
    assert "s3cret" not in str(caught.value)
