"""Bulk answers: so many at a time, of all and of one account; fewer than the server has threads for pages."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from listener.api import bulk_slots
from listener.api.bulk_slots import BulkSlots
from listener.api.problems import ApiError
from listener.console import server
from tests.listener.api.conftest import Desk


def test_slots_of_one_and_of_all() -> None:
    slots = BulkSlots(3, 2)
    first, _ = slots.take("pat"), slots.take("pat")
    with pytest.raises(ApiError):
        slots.take("pat")
    slots.take("dora")
    with pytest.raises(ApiError):
        slots.take("eve")
    first()
    first()
    slots.take("eve")
    with pytest.raises(ApiError):
        slots.take("pat")


def test_there_are_threads_left() -> None:
    assert bulk_slots.MOST <= server._WORKERS // 2


def test_an_answer_that_nobody_reads_holds_its_slot_until_it_is_closed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_slots, "SLOTS", BulkSlots(2, 1))

    def order(who: str, key: str) -> TestResponse:
        headers, body = {"Idempotency-Key": key}, b'{"kind": "url", "count": 3}\n'
        options: dict[str, Any] = {"data": body, "content_type": "application/x-ndjson", "headers": headers}
        return desk.ask(who, "POST", "/canaries/bulk", **options)

    stalled = order("planter", "the-first-order")
    refused = order("planter", "another-order")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "10")
    assert order("analyst", "of-somebody-else").status_code == 200
    stalled.close()
    assert order("planter", "another-order").status_code == 200
