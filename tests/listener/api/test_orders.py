"""Orders that can be sent again: the same key, the same canaries; what a crash left out is minted then."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import delete

from canaries.core import store
from canaries.installation.home import Home
from listener.api.application import create_api
from listener.api.orders import OrdersAtWork
from listener.api.problems import ApiError
from tests import steady
from tests.listener.api.conftest import Desk

NDJSON = "application/x-ndjson"


def bulk(desk: Desk, key: str, *orders: dict[str, object], who: str = "planter") -> list[dict[str, object]]:
    answer = desk.ask(
        who,
        "POST",
        "/canaries/bulk",
        data="\n".join(map(json.dumps, orders)),
        content_type=NDJSON,
        headers={"Idempotency-Key": key},
    )
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def test_the_same_key_gives_the_same_canary(desk: Desk) -> None:
    headers = {"Idempotency-Key": "order-number-1"}
    one, two = (
        desk.ask("planter", "POST", "/canaries", json={"kind": "url"}, headers=headers).json for _ in range(2)
    )
    assert one == two
    other = desk.ask("planter", "POST", "/canaries", json={"kind": "aws-key"}, headers=headers)
    assert other.status_code == 422
    assert "another order" in other.text
    theirs = desk.ask("analyst", "POST", "/canaries", json={"kind": "url"}, headers=headers).json
    assert theirs is not None
    assert one is not None
    assert theirs["id"] != one["id"]
    for bad in ("short", "x" * 129, "with space"):
        assert (
            desk.ask(
                "planter", "POST", "/canaries", json={"kind": "url"}, headers={"Idempotency-Key": bad}
            ).status_code
            == 422
        )


def test_bulk_comes_again_and_what_is_missing_is_minted(desk: Desk) -> None:
    orders = ({"kind": "url", "count": 3, "memo": "a"}, {"kind": "aws-key", "count": 2})
    first = bulk(desk, "bulk-order-1", *orders)
    assert first[-1] == {"done": 5}
    again = bulk(desk, "bulk-order-1", *orders)
    ids = lambda lines: {(one["order"], one["id"]) for one in lines[:-1]}  # noqa: E731
    assert ids(first) == ids(again)
    lost = str(first[0]["id"])
    with desk.home.store.write() as connection:  # as if the process had died before this one
        connection.execute(delete(store.canary).where(store.canary.c.id == lost))
    third = bulk(desk, "bulk-order-1", *orders)
    assert third[-1] == {"done": 5}
    assert len(ids(third) - ids(first)) == 1


BAD_ORDERS = [
    (b"", "no order"),
    (b"\xff", "line 1"),
    (b'{"kind": "url"}\n{"kind": "nothing"}', "no kind"),
    (b'{"kind": "url", "count": 100001}', "line 1"),
    (b'{"kind": "url", "count": 60000}\n{"kind": "url", "count": 60000}', "more than 100000"),
    (b'{"kind": "url", "account": "x"}', "Unknown field"),
    (b'{"kind": "url", "count": 1.5}', "line 1"),
    (b"[" * 100_000, "line 1"),
]


def test_all_orders_are_looked_at_before_any_is_minted(desk: Desk) -> None:
    headers = {"Idempotency-Key": "order-bad"}
    for body, said in BAD_ORDERS:
        answer = desk.ask(
            "planter", "POST", "/canaries/bulk", data=body, content_type=NDJSON, headers=headers
        )
        assert answer.status_code == 422
        assert said in answer.text
    assert desk.entries("minted") == []


def test_bulk_needs_a_key(desk: Desk) -> None:
    answer = desk.ask("planter", "POST", "/canaries/bulk", data=b'{"kind": "url"}', content_type=NDJSON)
    assert answer.status_code == 422


def test_on_postgresql(postgres_home: Home) -> None:
    """The same there: an order twice, a page, a change, and a path with what no text there can hold."""
    desk = Desk(postgres_home, create_api(postgres_home))
    headers = {"Idempotency-Key": "order-number-1"}
    order = {"kind": "url", "memo": "\U0001f426"}
    one, two = (desk.ask("planter", "POST", "/canaries", json=order, headers=headers).json for _ in range(2))
    assert one == two
    page = desk.ask("planter", "GET", "/canaries", query_string={"limit": 1}).json or {}
    assert [(item["id"], item["memo"]) for item in page["items"]] == [((one or {})["id"], "\U0001f426")]
    for path in ("/canaries/%00", "/accounts/%00", "/hits/%00", "/ledger/entries/%00/proof", "/jobs/%00"):
        assert desk.ask("admin", "GET", path).status_code == 404
    for query in ("q", "kind", "cursor", "state"):
        assert desk.ask("admin", "GET", "/canaries", query_string={query: "\0"}).status_code == 422
    for path in (
        "/placements",
        "/hits",
        "/incidents",
        "/deliveries",
        "/ledger/trail",
        "/tokens",
        "/accounts",
    ):
        assert desk.ask("admin", "GET", path).status_code == 200


def test_who_comes_at_the_same_moment_gets_the_same_canary(desk: Desk) -> None:
    """Several requests with one key: one of them mints, the others wait for it."""
    headers, gate = {"Idempotency-Key": "all-at-once"}, threading.Barrier(4)
    desk.token("planter")

    def one(_: int) -> object:
        gate.wait(steady.PATIENCE)
        answer = desk.ask("planter", "POST", "/canaries", json={"kind": "url"}, headers=headers)
        return (answer.json or {}).get("id")

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(one, range(4)))) == 1
    assert len(desk.entries("minted")) == 1


def test_one_request_at_a_time_fills_an_order() -> None:
    work = OrdersAtWork(patience=0)
    end, other = work.begin("a"), work.begin("b")
    with pytest.raises(ApiError) as refused:
        work.begin("a")
    assert refused.value.status == 409
    end()
    again = work.begin("a")
    end()  # the first one's: it ends no other's turn
    with pytest.raises(ApiError):
        work.begin("a")
    again()
    other()
    work.begin("a")()


def test_a_stream_that_is_cut_lets_the_next_one_in(desk: Desk) -> None:
    headers = {"Idempotency-Key": "cut-at-once"}
    options: dict[str, Any] = {"data": b'{"kind": "url", "count": 3}', "content_type": NDJSON}
    cut = desk.ask("planter", "POST", "/canaries/bulk", headers=headers, buffered=False, **options)
    cut.close()  # before its first line
    assert bulk(desk, "cut-at-once", {"kind": "url", "count": 3})[-1] == {"done": 3}


def test_a_key_is_free_for_another_order_after_a_day(desk: Desk) -> None:
    headers = {"Idempotency-Key": "order-of-the-day"}
    first = desk.ask("planter", "POST", "/canaries", json={"kind": "url"}, headers=headers).json or {}
    with desk.home.store.write() as connection:
        connection.execute(store.mint_request.update().values(at="2020-01-01T00:00:00.000000Z"))
    later = desk.ask("planter", "POST", "/canaries", json={"kind": "aws-key"}, headers=headers)
    assert later.status_code == 201, later.text
    assert (later.json or {})["kind"] == "aws-key"
    assert (later.json or {})["id"] != first["id"]
