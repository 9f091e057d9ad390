"""Sightings: what crosses from front to back arrives as it was, and rubbish is refused."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.evidence import sighting as sightings
from listener.evidence.sighting import Sighting


def make(**changes: object) -> Sighting:
    values = {
        "id": "0" * 32, "trap": "http", "observed_at": 1, "peer": ("192.0.2.1", 4000), "local": ("192.0.2.2", 80),
        "transport": "tcp", "raw": b"\x00\xff", "size": 2, "front": "f", "number": 1, "connection": 1, "clock": {},
    }  # fmt: skip
    return Sighting(**{**values, **changes})  # type: ignore[arg-type]


@given(raw=st.binary(), hello=st.binary(max_size=50), text=st.text(max_size=50))
def test_a_batch_arrives_as_it_was(raw: bytes, hello: bytes, text: str) -> None:
    batch = [
        make(raw=raw, size=len(raw), tls={"hello": hello, "sni": text}, notes={"said": [text, 1]}),
        make(),
    ]
    assert sightings.decode(sightings.encode(batch)) == batch


@given(st.binary(max_size=200))
def test_rubbish_is_a_value_error(junk: bytes) -> None:
    try:
        sightings.decode(junk)
    except ValueError:
        return


def test_an_older_journals_shorter_record_is_still_read() -> None:
    old = msgspec.msgpack.decode(sightings.encode([make()]))
    del old[0][0][12:]
    assert sightings.decode(msgspec.msgpack.encode(old)) == [make()]


@pytest.mark.parametrize(
    ("via", "source"),
    [
        (None, ("192.0.2.1", 4000)),
        ({"how": "forwarded", "client": ["198.51.100.7", 0]}, ("198.51.100.7", 0)),
        ({"how": "proxy-protocol", "chain": []}, ("192.0.2.1", 4000)),
    ],
)
def test_the_source_is_the_peer_unless_a_configured_proxy_says_otherwise(
    via: dict[str, object] | None, source: tuple[str, int]
) -> None:
    assert make(via=via).source == source
