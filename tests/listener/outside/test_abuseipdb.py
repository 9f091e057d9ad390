"""AbuseIPDB: its documented answers, and that the key is in none of what is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from listener.outside import OutsideAnswer, OutsideError
from listener.outside.abuseipdb import AbuseIpdb, AbuseIpdbSettings
from tests.every import every
from tests.outside_servers import WebService

PATH = "/api/v2/check"
DATA = {
    "ipAddress": "198.51.100.7",
    "isPublic": True,
    "ipVersion": 4,
    "isWhitelisted": False,
    "abuseConfidenceScore": 100,
    "countryCode": "CN",
    "usageType": "Data Center/Web Hosting/Transit",
    "isp": "Tencent Cloud\x1b[31m",
    "domain": "tencent.com",
    "hostnames": [],
    "isTor": False,
    "totalReports": 7,
    "numDistinctUsers": 3,
    "lastReportedAt": "2026-11-20T20:55:14+00:00",
}
"""As https://docs.abuseipdb.com has it."""


def asked(web: WebService, ca_file: str) -> OutsideAnswer:
    chosen = AbuseIpdbSettings(url=f"{web.url}{PATH}", key="s3cret", ca_file=ca_file)
    return AbuseIpdb(chosen, Path()).ask("198.51.100.7")


def test_reports(web: WebService, ca_file: str) -> None:
    web.answers[PATH] = 200, {}, {"data": DATA}
    found = asked(web, ca_file)
    assert (found.fact["abuseConfidenceScore"], found.fact["totalReports"]) == (100, 7)
    assert "\x1b" not in str(found.fact)
    assert "countryCode" not in found.fact, "countries come from network data"
    assert web.asked[0][0] == f"{PATH}?ipAddress=198.51.100.7&maxAgeInDays=90"
    assert web.asked[0][1]["key"] == "s3cret"
    assert "s3cret" not in str(found)


@every(
    "answer",
    [
        (200, {}, {}),
        (200, {}, {"data": []}),
        (200, {}, {"data": {"abuseConfidenceScore": True}}),
        (200, {}, {"data": {"abuseConfidenceScore": 0.5}}),
        (404, {}, {"data": DATA}),
        (
            422,
            {},
            {"errors": [{"detail": "The ip address must be a valid IPv4 or IPv6 address", "status": 422}]},
        ),
        (
            429,
            {"Retry-After": "29241"},
            {"errors": [{"detail": "Daily rate limit of 1000 requests exceeded"}]},
        ),
        (401, {}, {"errors": [{"detail": "Authentication failed. Your API key is missing", "status": 401}]}),
    ],
)
def test_every_other_answer_is_a_sentence(web: WebService, ca_file: str, answer: Any) -> None:
    web.answers[PATH] = answer
    with pytest.raises(OutsideError) as caught:
        asked(web, ca_file)
    assert "s3cret" not in str(caught.value)


def test_days_are_bounded() -> None:
    with pytest.raises(ValueError, match="1 to 365"):
        AbuseIpdbSettings(days=0)
