"""systemd: variables of the service, with their percent signs doubled."""

from __future__ import annotations

from tests.canaries.plant.formats.forms import planted, text_after

OLD = "[Service]\nExecStart=/bin/true\n\n[Install]\nWantedBy=x\n"


def test_it_goes_into_the_service() -> None:
    after = text_after("a.service", OLD, "stripe-key")
    assert after.index("_STRIPE_SECRET_KEY=sk_live_") < after.index("[Install]")


def test_specifiers_are_doubled() -> None:
    assert "%%24external" in text_after("a.service", OLD, "mongodb-url")


def test_the_reload_is_said() -> None:
    composed, _ = planted("a.service", OLD.encode(), "stripe-key")
    assert "daemon-reload" in composed.remarks[0]
