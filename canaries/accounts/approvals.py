"""A second person's approval for what the settings name as dangerous: asked for, approved by another, used once.

Who does such a thing through console or API for the first time asks for it by that; once another account, which may
do the same with everybody's objects, has approved it, doing it again does it. Each step is an entry. Whoever has a
shell and the keys is asked nothing: their deeds of that sort are `canaries.operators.proposals`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, func, insert, select, update

from canaries.accounts import accounts
from canaries.accounts.permissions import Permission
from canaries.core import store
from canaries.core.clock import rfc3339
from canaries.core.errors import AccessError, NotFoundError, TraplineError
from canaries.core.schema_accounts import approval

if TYPE_CHECKING:
    from canaries.accounts.permissions import Actor
    from canaries.installation.home import Home

DEEDS: Mapping[str, Permission] = {
    "reveal": Permission.CANARIES_REVEAL,
    "raw": Permission.HITS_RAW,
    "dossier": Permission.DOSSIERS_BUILD,
    "accounts": Permission.ACCOUNTS_CHANGE,
    "lookups": Permission.LOOKUPS_FULL,
    "holds": Permission.HOLDS_CHANGE,
}
"""What `console.approvals` can name, and which permission an approver needs for everybody's objects."""
WAITS, HOLDS = timedelta(days=7), timedelta(days=1)
"""How long a request waits for somebody, and how long an approval holds."""
_MOST = 50
"""Requests of one account that wait."""


class NeedsApprovalError(AccessError):
    """It has been asked for; nothing was done."""


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """One request, as an approver sees it."""

    id: str
    deed: str
    about: str
    """``canary 0123...``, ``hit 0123...``, ``ana: role admin``."""
    by: str
    """Name of who asks."""
    reason: str
    asked_at: str
    until: str
    state: str
    """``waiting``, ``approved``, ``refused``, ``used``, ``expired``."""
    decided_by: str
    account: str
    """Id of who asks."""


def require(home: Home, who: Actor | None, deed: str, about: str, reason: str) -> None:
    """Return where nobody has to approve this, or somebody has: then the approval is used up. ``who`` None: the link.

    Raises NeedsApprovalError where it is asked for by this, or waits already.
    """
    if who is None or deed not in home.settings.console.approvals:
        return
    now, table = home.now(), approval
    same = (table.c.deed == deed) & (table.c.about == about[:200]) & (table.c.account_id == who.account)
    live = same & (table.c.state.in_(("waiting", "approved"))) & (table.c.until > now)
    with home.store.read() as connection:
        row = connection.execute(select(table).where(live).order_by(table.c.state)).first()
    if row is None:
        raise _asked(ask(home, who, deed, about[:200], reason))
    if row.state == "waiting":
        raise _asked(row.id)
    said = _said(home, row, who.name, "approval-used", reason)
    with home.store.write() as connection:
        mine = (table.c.id == row.id) & (table.c.state == "approved")
        if connection.execute(update(table).where(mine).values(state="used")).rowcount != 1:
            raise AccessError("this approval was used just now", hint="ask again")
        home.writer.put(connection, said)


def ask(home: Home, who: Actor, deed: str, about: str, reason: str) -> str:
    """Ask for it; the request's id. Raises TraplineError where too many wait."""
    now, table, id_ = home.clock.now(), approval, secrets.token_hex(8)
    body = {"account": who.name, "act": "approval-asked", "request": id_, "deed": deed, "about": about}
    said = home.act("account", {**body, **accounts.why(reason)}, rfc3339(now))
    with home.store.write() as connection:
        waiting = (
            (table.c.account_id == who.account)
            & (table.c.state == "waiting")
            & (table.c.until > rfc3339(now))
        )
        if connection.execute(select(func.count()).select_from(table).where(waiting)).scalar_one() >= _MOST:
            raise TraplineError(
                f"{_MOST} requests of yours wait already", hint="have somebody decide on them"
            )
        values = {"id": id_, "deed": deed, "about": about, "account_id": who.account, "entry_id": said.id}
        moments = {"asked_at": rfc3339(now), "until": rfc3339(now + WAITS)}
        connection.execute(insert(table).values(**values, **moments))
        home.writer.put(connection, said)
    return id_


def decide(home: Home, who: Actor, request_id: str, reason: str, *, approve: bool) -> ApprovalRequest:
    """Approve or refuse. Raises NotFoundError, AccessError for one's own and for what one may not do oneself."""
    found, table, now = find(home, who, request_id), approval, home.clock.now()
    if found.account == who.account:
        raise AccessError("nobody approves what they asked for themselves", hint="another operator does this")
    if not reason.strip():
        raise TraplineError("this needs a reason", hint="it is kept in the ledger, with your name")
    act, state = ("approved", "approved") if approve else ("approval-refused", "refused")
    with home.store.read() as connection:
        row = connection.execute(select(table).where(table.c.id == found.id)).one()
    said = _said(home, row, found.by, act, reason)
    values = {"state": state, "decided_by": who.account}
    if approve:
        values["until"] = rfc3339(now + HOLDS)
    with home.store.write() as connection:
        waiting = (table.c.id == found.id) & (table.c.state == "waiting") & (table.c.until > rfc3339(now))
        if connection.execute(update(table).where(waiting).values(**values)).rowcount != 1:
            raise TraplineError("this request does not wait any more", hint="look at the list again")
        home.writer.put(connection, said)
    return find(home, who, found.id)


def listing(home: Home, who: Actor | None) -> list[ApprovalRequest]:
    """The newest hundred that this account could decide on; ``who`` None: whoever came by the link sees all."""
    deeds = [deed for deed, needed in DEEDS.items() if who is None or who.may_all(needed)]
    query = select(approval).where(approval.c.deed.in_(deeds)).order_by(approval.c.asked_at.desc()).limit(100)
    with home.store.read() as connection:
        rows = connection.execute(query).all()
    return _opened(home, rows)


def find(home: Home, who: Actor, request_id: str) -> ApprovalRequest:
    """Raises NotFoundError, the same for none and for one that is not theirs to decide on."""
    with home.store.read() as connection:
        rows = connection.execute(select(approval).where(approval.c.id == request_id.strip().lower())).all()
    found = _opened(home, rows)
    if not found or not who.may_all(DEEDS[found[0].deed]):
        raise NotFoundError("there is no such request", hint="see the list of requests")
    return found[0]


def _opened(home: Home, rows: Any) -> list[ApprovalRequest]:
    table, now = store.account, home.now()
    with home.store.read() as connection:
        names = dict(connection.execute(select(table.c.id, table.c.name)).all())
        entries = home.reader.fetch(connection, [row.entry_id for row in rows])
    found = []
    for row in rows:
        entry = entries.get(row.entry_id)
        late = row.state in ("waiting", "approved") and row.until <= now
        found.append(
            ApprovalRequest(
                *(row.id, row.deed, row.about, names.get(row.account_id, row.account_id)),
                reason=str(entry.body.get("reason", "")) if entry else "",
                asked_at=row.asked_at,
                until=row.until,
                state="expired" if late else row.state,
                decided_by=names.get(row.decided_by, row.decided_by),
                account=row.account_id,
            )
        )
    return found


def _said(home: Home, row: Row[Any], name: str, act: str, reason: str) -> Any:
    body = {"account": name, "act": act, "request": row.id, "deed": row.deed, "about": row.about}
    return home.act("account", {**body, **accounts.why(reason)})


def _asked(request_id: str) -> NeedsApprovalError:
    return NeedsApprovalError(
        f"another operator has to approve this: request {request_id} waits for them",
        hint="once it is approved, do the same again: within a day, once",
    )
