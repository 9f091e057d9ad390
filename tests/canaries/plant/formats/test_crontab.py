"""crontab: commented old variables above the jobs."""

from __future__ import annotations

from tests.canaries.plant.formats.forms import text_after

OLD = "SHELL=/bin/sh\n\n0 5 * * * /usr/bin/true\n"


def test_no_job_gets_it_in_its_environment() -> None:
    after = text_after("crontab", OLD, "stripe-key")
    assert [line for line in after.splitlines() if not line.startswith("#")] == OLD.splitlines()
    assert after.index("#STRIPE_SECRET_KEY=") < after.index("0 5")
