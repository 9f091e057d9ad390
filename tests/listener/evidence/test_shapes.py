"""Shapes name what is there, and what they do not name passes through."""

from __future__ import annotations

from typing import Any

import msgspec

from listener.evidence import observed
from listener.evidence import sighting as sightings
from listener.evidence.shapes import Observed, TlsObserved
from tests.listener.evidence.test_sighting import make

LATER: dict[str, Any] = {"of_a_later_release": [1, {"deep": "x"}]}


def test_a_key_that_no_shape_names_passes_through_the_journal() -> None:
    sent = make(
        clock={"source": "ntp", **LATER},
        tls={"sni": "x", **LATER},
        via={"how": "forwarded", "chain": [], "client": ["192.0.2.9", 0], **LATER},
        notes=LATER,
    )
    (came,) = sightings.decode(sightings.encode([sent]))
    assert (came.clock, came.tls, came.via, came.notes) == (sent.clock, sent.tls, sent.via, sent.notes)
    assert came.source == ("192.0.2.9", 0)


def test_what_was_noted_is_copied_whole() -> None:
    noted: dict[str, object] = {"request": "login", **LATER}
    seen = observed.from_notes(noted)
    assert msgspec.json.encode(seen) == msgspec.json.encode(noted)
    seen["role"] = "mail_server"
    assert "role" not in noted


def test_shapes_ask_for_nothing_that_an_older_entry_may_lack() -> None:
    assert Observed.__required_keys__ == TlsObserved.__required_keys__ == frozenset()
