"""Minting: what there is to mint, one canary with its bait, many as a stream."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from flask import Response, request
from marshmallow import Schema, ValidationError, fields, validate

from canaries.accounts.permissions import Permission
from canaries.core import plugins
from canaries.core.errors import TraplineError
from canaries.kinds import FOLDER, Kind
from listener.api import bulk_slots, orders
from listener.api.fields import RequestBody, kind_name, words
from listener.api.guard import Caller, caller
from listener.api.problems import ApiError
from listener.api.routing import Resource
from listener.api.shapes import BaitShape, as_bait

resource = Resource("minting", "Bait made: one at a time, or as a stream that can be asked for again.")

_NDJSON = "application/x-ndjson"
_MOST_AT_ONCE, _MOST_LINES = 100_000, 1000


class KindShape(Schema):
    """What can be minted."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    plant = fields.String(required=True, metadata={"description": "How to plant it."})
    fires = fields.String(required=True, metadata={"description": "What fires it."})


class OneOrderBody(RequestBody):
    """One canary."""

    kind = kind_name(required=True)
    memo = words(2000, load_default="")
    recipient = words(400, load_default="")
    options = fields.Dict(
        keys=words(64), values=words(2000), load_default=dict, validate=validate.Length(max=40)
    )
    expires = words(40, load_default="", metadata={"description": "A date, or a time from now: 90d."})


class OrderLine(OneOrderBody):
    """One line of a bulk order."""

    count = fields.Integer(load_default=1, strict=True, validate=validate.Range(min=1, max=_MOST_AT_ONCE))


@resource.on(
    "GET",
    "/kinds",
    needs=Permission.CANARIES_READ,
    gives=Schema.from_dict({"items": fields.List(fields.Nested(KindShape), required=True)}, name="KindList"),
)
def kinds() -> dict[str, Any]:
    """What can be minted."""
    found = plugins.classes(FOLDER, Kind)  # type: ignore[type-abstract]
    made = [kind() for _, kind in sorted(found.items())]
    return {
        "items": [
            {"name": one.name, "title": one.title, "plant": one.plant_hint, "fires": one.fired_by}
            for one in made
        ]
    }


@resource.on(
    "POST",
    "/canaries",
    needs=Permission.CANARIES_MINT,
    takes=OneOrderBody,
    gives=BaitShape,
    status=201,
    headers={"Idempotency-Key": "Names this order, for a day: sent again, it gives the same canary."},
)
def mint(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Mint one canary and get its bait, once."""
    who, order, key = caller(), orders.order_of(body), request.headers.get("Idempotency-Key", "")
    orders.check(who, order)
    if not key:
        canary, bait = next(orders.fill(who, order, ""))
    else:
        name = orders.named(who, key, body)
        end = orders.AT_WORK.begin(name)
        try:
            canary, bait = next(orders.fill(who, order, f"{name}:0"))
        finally:
            end()
    return as_bait(canary, bait), {"Location": f"canaries/{canary.id}"}


@resource.on(
    "POST",
    "/canaries/bulk",
    needs=Permission.CANARIES_MINT,
    takes=_NDJSON,
    binary=_NDJSON,
    headers={"Idempotency-Key": "Required. Sent again after a cut connection, the same canaries come."},
)
def bulk() -> Response:
    """Mint many: an order a line in, a canary a line out as each is on disk; the last line counts them.

    The lines of a stream that was cut lack `{"done": N}`: send the same again, with the same key.
    """
    who = caller()
    lines = _lines(request.get_data())
    asked = [orders.order_of(line) for line in lines]
    if sum(order.count for order in asked) > _MOST_AT_ONCE:
        raise ApiError(422, "Unprocessable Content", f"more than {_MOST_AT_ONCE} canaries in one request")
    for order in asked:
        orders.check(who, order)
    name = orders.named(who, request.headers.get("Idempotency-Key", ""), lines)
    free = bulk_slots.SLOTS.take(who.actor.account)
    try:
        done = orders.AT_WORK.begin(name)
    except ApiError:
        free()
        raise

    def end() -> None:
        done()
        free()

    answer = Response(_ended(_stream(who, asked, name), end), content_type=_NDJSON)
    answer.call_on_close(end)  # cut before its first line
    return answer


def _ended(lines: Iterator[str], end: Callable[[], None]) -> Iterator[str]:
    try:
        yield from lines
    finally:
        end()


def _stream(who: Caller, asked: list[orders.MintOrder], name: str) -> Iterator[str]:
    done = 0
    try:
        for number, order in enumerate(asked):
            for canary, _ in orders.fill(who, order, f"{name}:{number}"):
                done += 1
                yield json.dumps({"order": number, **as_bait(canary, None)}) + "\n"
    except TraplineError as error:  # the status has gone out: the last line says it
        yield json.dumps({"problem": error.sentence, "done": done}) + "\n"
        return
    yield json.dumps({"done": done}) + "\n"


def _lines(data: bytes) -> list[dict[str, Any]]:
    found, shape = [], OrderLine()
    for number, line in enumerate(data.splitlines(), 1):
        if not line.strip():
            continue
        if number > _MOST_LINES:
            raise ApiError(422, "Unprocessable Content", f"more than {_MOST_LINES} lines")
        try:
            found.append(shape.load(json.loads(line)))
        except (ValueError, RecursionError, ValidationError) as error:
            said = str(error.messages) if isinstance(error, ValidationError) else "not JSON"
            raise ApiError(422, "Unprocessable Content", f"line {number}: {said}") from None
    if not found:
        raise ApiError(422, "Unprocessable Content", "the body holds no order", hint="one JSON object a line")
    return found
