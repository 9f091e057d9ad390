"""A reading starts empty."""

from __future__ import annotations

from listener.evidence.reading import Reading


def test_two_readings_share_nothing() -> None:
    one, other = Reading(), Reading()
    one.observed["user"] = "ann"
    assert other.observed == {}
    assert tuple(other.candidates) == ()
