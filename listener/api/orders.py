"""Minting by orders that can be sent again: an ``Idempotency-Key`` names an order.

The second time it gives the same canaries, and mints what a crash left out. The canaries' rows name their order, in
the transaction that mints them.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from canaries.core import clock, store
from canaries.core.clock import rfc3339
from canaries.core.errors import MintError, NotFoundError, TraplineError
from canaries.core.model import Bait, Canary
from canaries.installation.reachability import obstacles, trap_obstacle
from canaries.ledger.entries import canonical
from canaries.mint import catalogue, minting
from listener.api.problems import ApiError

if TYPE_CHECKING:
    from listener.api.guard import Caller

KEPT_DAYS = 1
PATIENCE = 3.0
"""Seconds that a request waits for another one of the same order."""
_KEY = re.compile(r"[\x21-\x7e]{8,128}")


@dataclass(frozen=True, slots=True)
class MintOrder:
    """What somebody asks for."""

    kind: str
    memo: str = ""
    recipient: str = ""
    options: dict[str, str] = field(default_factory=dict)
    expires: str = ""
    """A date, or a time from now (``90d``); empty: never."""
    count: int = 1


def order_of(body: dict[str, Any]) -> MintOrder:
    """From a checked body."""
    return MintOrder(**body)


def check(who: Caller, order: MintOrder) -> None:
    """Refuse what cannot be minted, or could never fire, before anything is minted. Raises TraplineError."""
    try:
        kind = minting.kind(order.kind)
    except NotFoundError as error:  # of a field of the body, not of the address
        raise MintError(error.sentence, hint=error.hint) from None
    minting.options_of(kind, order.options)
    if kind.takes_source and "source" in order.options:
        raise MintError("a kind made from a file of yours is minted with a shell")
    if order.expires:
        clock.until(order.expires, who.home.clock.now())
    found = [*obstacles(who.home.settings), trap_obstacle(who.home.settings, kind.traps)]
    for one in found:
        if one is not None and one.lasting:
            raise TraplineError(one.says, hint=one.hint)


def named(who: Caller, key: str, asked: Any) -> str:
    """The order's id for this key, noted with what is asked. Raises ApiError where it was used for something else."""
    if not _KEY.fullmatch(key):
        raise ApiError(
            422, "Unprocessable Content", "Idempotency-Key is 8 to 128 plain characters", hint="take a UUID"
        )
    name = hashlib.sha256(f"{who.actor.account} {key}".encode()).hexdigest()[:26]
    body, table, now = hashlib.sha256(canonical(asked)).digest(), store.mint_request, who.home.clock.now()
    with who.home.store.write() as connection:
        old = rfc3339(now - timedelta(days=KEPT_DAYS))
        connection.execute(delete(table).where(table.c.at < old))
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        row = {"id": name, "body": body, "at": rfc3339(now)}
        connection.execute(dialect.insert(table).values(**row).on_conflict_do_nothing())
        known = connection.execute(select(table.c.body, table.c.at).where(table.c.id == name)).one()
    if known.body != body:
        raise ApiError(422, "Unprocessable Content", "this Idempotency-Key was used for another order")
    # the same key on a later day is another order, whose canaries are not those of then
    return hashlib.sha256(f"{name} {known.at}".encode()).hexdigest()[:26]


class OrdersAtWork:
    """Which named orders are being filled in this process: one request at a time fills an order.

    A second one that comes meanwhile would find nothing there yet, and mint everything once more.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._names: set[str] = set()
        self._changed = threading.Condition()

    def begin(self, name: str) -> Callable[[], None]:
        """Wait for one's turn; what is given back ends it, and may be called twice. Raises ApiError: 409."""
        with self._changed:
            if not self._changed.wait_for(lambda: name not in self._names, self._patience):
                raise ApiError(
                    *(409, "Conflict", "this order is being filled just now"),
                    hint="send it again when that has ended",
                    Retry_After="5",
                )
            self._names.add(name)
        left = [name]

        def end() -> None:
            with self._changed:
                self._names.difference_update(left)
                left.clear()
                self._changed.notify_all()

        return end


AT_WORK = OrdersAtWork()


def fill(who: Caller, order: MintOrder, request: str) -> Iterator[tuple[Canary, Bait | None]]:
    """The canaries of an order: those that are there already, then those that were missing, as they are on disk.

    ``request`` empty: an order that nobody can send again.
    """
    done = 0
    for canary in _there(who, request) if request else ():
        done += 1
        yield canary, _again(who, canary)
    if done >= order.count:
        return
    expires = clock.until(order.expires, who.home.clock.now()) if order.expires else ""
    minted = minting.mint(
        who.home,
        order.kind,
        memo=order.memo,
        recipient=order.recipient,
        owner=who.actor.name,
        options=order.options,
        expires_at=expires,
        count=order.count - done,
        account=who.actor.account,
        request=request,
    )
    for one in minted:
        yield one.canary, one.bait


def _there(who: Caller, request: str) -> Iterator[Canary]:
    table = store.canary
    with who.home.store.read() as connection:
        rows = connection.execute(
            select(table).where(table.c.request == request, table.c.parent == "").order_by(table.c.created_at)
        ).all()
    return (catalogue.open_record(who.home, row) for row in rows if row.sealed is not None)


def _again(who: Caller, canary: Canary) -> Bait | None:
    try:
        return catalogue.bait(who.home, canary)
    except MintError:
        return None
