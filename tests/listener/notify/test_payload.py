from __future__ import annotations

from dataclasses import replace

import pytest

from canaries.crypto.sealed_box import BoxError, Locker
from listener.notify.payload import CLIENT_LIMIT, Noted, PayloadCodec, grouped, together

KEY = bytes(32)
HIT = Noted(
    "ab" * 8,
    "url",
    None,
    "path",
    "http",
    "2026-11-22T12:00:02.000000Z",
    "192.0.2.1",
    7,
    {},
    "curl",
    "i",
    b"s" * 16,
)


def test_hits_are_grouped_by_canary_and_source_in_order() -> None:
    early = replace(HIT, observed_at="2026-11-22T12:00:01.000000Z", port=8)
    other = replace(HIT, source_tag=b"t" * 16)
    groups = grouped([HIT, other, early])
    first, second = groups.values()
    assert (first.hits, first.first_at, first.last_at) == (2, early.observed_at, HIT.observed_at)
    assert (first.first.port, first.last.port) == (7, 8)
    assert second.hits == 1
    assert list(groups) == [first.key, second.key]
    whole = together("flood", [first, second])
    assert (whole.hits, whole.first_at, whole.last_at) == (3, early.observed_at, HIT.observed_at)


def test_details_come_back_for_their_own_row_only() -> None:
    details = PayloadCodec(KEY, memo=True)
    sealed = details.seal("row", HIT)
    assert details.open("row", HIT.canary, sealed) == details.of(HIT)
    for key, box in (("other", sealed), ("row", sealed[:-1]), ("row", None), ("row", b"")):
        assert details.open(key, HIT.canary, box) == {"canary": HIT.canary}


def test_a_label_of_another_canary_does_not_open() -> None:
    locker = Locker(KEY)
    label = locker.seal("Café".encode(), HIT.canary.encode())
    assert PayloadCodec(KEY, memo=True).of(replace(HIT, label=label))["memo"] == "Café"
    assert PayloadCodec(KEY, memo=False).of(replace(HIT, label=label))["memo"] == ""
    assert PayloadCodec(KEY, memo=True).of(replace(HIT, label=label, canary="cd" * 8))["memo"] == ""
    with pytest.raises(BoxError):
        locker.open(label, b"cd" * 8)


def test_a_long_client_is_clipped() -> None:
    assert len(PayloadCodec(KEY, memo=True).of(replace(HIT, client="x" * 100_000))["client"]) == CLIENT_LIMIT
