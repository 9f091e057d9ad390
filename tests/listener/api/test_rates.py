"""Buckets: a burst, then steadily; bounded in number."""

from __future__ import annotations

from listener.api import rates
from listener.api.rates import RateLimiter


def test_a_burst_then_steadily() -> None:
    now = [0.0]
    limiter = RateLimiter(2.0, 3, lambda: now[0])
    assert [limiter.take("a") for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
    assert limiter.take("b") == 0.0
    now[0] += 0.5
    assert limiter.take("a") == 0.0
    assert limiter.take("a") > 0
    now[0] += 1000
    assert [limiter.take("a") > 0 for _ in range(4)] == [False, False, False, True]


def test_it_is_bounded(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(rates, "_MOST", 10)
    limiter = RateLimiter(1.0, 1, lambda: 0.0)
    for number in range(1000):
        limiter.take(str(number))
    assert len(limiter._buckets) == 10
