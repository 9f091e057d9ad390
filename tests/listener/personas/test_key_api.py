"""What a keyed service's persona can say without knowing its service: when, and an address of nobody else's."""

from __future__ import annotations

from typing import Any

import pytest

from canaries.crypto.seeded_random import SeededRandom
from listener.personas import Request
from listener.personas._key_api import Call
from tests.listener.personas.conftest import NOW

STREAM = SeededRandom(b"s" * 32)


def call(**changes: Any) -> Call:
    request = Request(
        "GET", b"/v1/x", [(b"Host", changes.pop("host", b"api.hill.net"))], b"", tls=False, at=NOW, **changes
    )
    return Call(request, "x", "key", STREAM, STREAM)


def test_a_moment_is_the_same_all_day_and_in_the_past() -> None:
    later = Request("GET", b"/", [], b"", tls=False, at=NOW + 3_600_000_000)
    first = call().since("created", 400)
    assert first == Call(later, "x", "key", STREAM, STREAM).since("created", 400)
    assert first < "2026-11-20"
    assert first != call().since("other", 400)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        (b"api.hill.net", "ops@api.hill.net"),
        (b"api.hill.net:8443", "ops@api.hill.net"),
        (b"192.0.2.7:80", "ops@localhost"),
        (b"", "ops@localhost"),
        (b"a<b>.net", "ops@ab.net"),
    ],
)
def test_an_address_is_at_the_host_that_was_asked(host: bytes, address: str) -> None:
    assert call(host=host).mailbox("ops") == address
