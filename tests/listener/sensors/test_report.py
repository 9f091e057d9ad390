"""Reports: one shape, bounded; what is none says why."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.sensors.keys import RefusedReportError
from listener.sensors.report import SensorReport, client_of, parse_report, sighting_id


def test_what_a_report_says() -> None:
    text = '{"id":"01234567","found":[{"value":"x","where":"form"}],"facts":{"account":"7"},"new":1}'
    report = parse_report(text.encode())
    assert (report.found[0].value, report.found[0].where, report.facts) == ("x", "form", {"account": "7"})


@pytest.mark.parametrize(
    "more",
    [{"id": "x"}, {"found": [{}]}, {"facts": {"a": {}}}, {"facts": {"a": 1.5}}, {"dropped": -1}, {"at": 1}],
)
def test_what_is_none_says_why(more: dict[str, object]) -> None:
    with pytest.raises(RefusedReportError, match="this is no report: "):
        parse_report(json.dumps({"id": "01234567", **more}).encode())


@given(st.binary(max_size=300))
def test_any_bytes_are_a_report_or_refused(data: bytes) -> None:
    with contextlib.suppress(RefusedReportError):
        assert isinstance(parse_report(data), SensorReport)


def test_one_report_of_one_sensor_has_one_id() -> None:
    assert sighting_id("web", "one") == sighting_id("web", "one")
    assert len({sighting_id("web", "one"), sighting_id("web", "two"), sighting_id("mail", "one")}) == 3
    assert len(sighting_id("web", "one")) == 32


@pytest.mark.parametrize(
    ("said", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("somewhere", ""),
        (7, ""),
        (None, ""),
    ],
)
def test_only_an_address_is_the_clients(said: object, client: str) -> None:
    assert client_of(parse_report(json.dumps({"id": "01234567", "facts": {"client": said}}).encode())) == (
        client,
        0,
    )


@pytest.mark.parametrize(("port", "known"), [(40_001, 40_001), (-1, 0), (65_536, 0), ("7", 0), (None, 0)])
def test_only_a_port_is_the_clients(port: object, known: int) -> None:
    body = {"id": "01234567", "facts": {"client": "203.0.113.7", "port": port}}
    assert client_of(parse_report(json.dumps(body).encode())) == ("203.0.113.7", known)


HOSTILE = [
    b'{"id":"01234567","at":"\xff\xfe"}',
    b'{"id":"01234567","new":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    b'{"id":"01234567","at":"\\ud800"}',
    b'{"id":"01234567","dropped":' + b"9" * 30 + b"}",
    b'{"id":"01234567","facts":{"account":' + b"9" * 30 + b"}}",
]


@pytest.mark.parametrize("body", HOSTILE, ids=["bytes", "nested", "half a pair", "count", "number"])
def test_what_the_decoder_fails_at_is_refused_too(body: bytes) -> None:
    """With no answer a sensor would send it again for ever, and nothing behind it."""
    with pytest.raises(RefusedReportError, match="this is no report") as caught:
        parse_report(body)
    assert caught.value.status == 400
