"""The ledger: checkpoints, proofs (RFC 9162), verification as a job, and the trail of what operators did."""

from __future__ import annotations

import base64
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import func, select

from canaries.accounts.permissions import Permission
from canaries.core import store
from canaries.core.errors import NotFoundError
from canaries.installation.home import Home
from canaries.ledger import brief
from canaries.ledger.checkpoints import log_verifier
from canaries.ledger.merkle import Tree
from canaries.ledger.statements import MACHINES
from listener.api import paging
from listener.api.fields import PageQuery, RequestBody, page_of, words
from listener.api.guard import caller
from listener.api.jobs import Job
from listener.api.routing import Resource
from listener.api.started import JobShape, accepted

resource = Resource("ledger", "The sealed log. Nothing here writes into it or takes a line out of it.")

_TOLD = (
    *(
        "account",
        "sign-in",
        "revealed",
        "exported",
        "opened",
        "held",
        "erased",
        "setting",
        "operator",
        "proposed",
    ),
    *("retired", "amended", "minted", "noted", "assessed", "rated", "regrouped", "scanned", "restored"),
)


class CheckpointShape(Schema):
    """The log's signed head (C2SP tlog-checkpoint)."""

    size = fields.Integer(required=True)
    at = fields.String(required=True)
    note = fields.String(required=True)
    vkey = fields.String(required=True, metadata={"description": "The key that verifies the note."})


class InclusionQuery(RequestBody):
    """In the log of which size; without: the present one."""

    size = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**53))


class InclusionShape(Schema):
    """An inclusion proof. All hashes are Base64."""

    entry = fields.String(required=True)
    index = fields.Integer(required=True)
    size = fields.Integer(required=True)
    leaf = fields.String(required=True)
    root = fields.String(required=True)
    path = fields.List(fields.String(), required=True)


class ConsistencyQuery(RequestBody):
    """Between which sizes."""

    first = fields.Integer(required=True, validate=validate.Range(min=1, max=2**53))
    second = fields.Integer(required=True, validate=validate.Range(min=1, max=2**53))


class ConsistencyShape(Schema):
    """A consistency proof. All hashes are Base64."""

    first = fields.Integer(required=True)
    second = fields.Integer(required=True)
    path = fields.List(fields.String(), required=True)


class TrailQuery(PageQuery):
    """Whose deeds."""

    by = words(64, load_default="")


class DeedShape(Schema):
    """What somebody did, and which role allowed it; an empty `allowed`: a shell and the keys."""

    id = fields.String(required=True)
    at = fields.String(required=True)
    kind = fields.String(required=True)
    by = fields.String(required=True)
    allowed = fields.Dict(required=True)
    sealed = fields.Integer(required=True, allow_none=True)
    about = fields.Dict(required=True, metadata={"description": "Ids, reasons and acts; no bait."})


@resource.on("GET", "/ledger/checkpoint", needs=Permission.LEDGER_READ, gives=CheckpointShape)
def checkpoint() -> dict[str, Any]:
    """The newest checkpoint."""
    home, table = caller().home, store.checkpoint
    with home.store.read() as connection:
        row = connection.execute(select(table).order_by(table.c.size.desc()).limit(1)).first()
    if row is None:
        raise NotFoundError("no checkpoint was signed yet")
    return {"size": row.size, "at": row.at, "note": row.note, "vkey": str(log_verifier(home))}


@resource.on(
    "GET",
    "/ledger/entries/<string:id_>/proof",
    needs=Permission.LEDGER_READ,
    asks=InclusionQuery,
    gives=InclusionShape,
)
def inclusion(query: dict[str, Any], id_: str) -> dict[str, Any]:
    """That an entry is in the log."""
    home, leaf = caller().home, store.leaf
    with home.store.read() as connection:
        row = connection.execute(select(leaf).where(leaf.c.entry_id == id_)).first()
    if row is None:
        raise NotFoundError("no sealed entry has this id")
    tree = _tree(home)
    size = query["size"] or len(tree)
    if not row.seq < size <= len(tree):
        raise NotFoundError(f"in the log of {size} entries it is not")
    return {
        "entry": row.entry_id,
        "index": row.seq,
        "size": size,
        "leaf": _text(row.hash),
        "root": _text(tree.root(size)),
        "path": [_text(one) for one in tree.inclusion(row.seq, size)],
    }


@resource.on(
    "GET", "/ledger/consistency", needs=Permission.LEDGER_READ, asks=ConsistencyQuery, gives=ConsistencyShape
)
def consistency(query: dict[str, Any]) -> dict[str, Any]:
    """That a larger log holds a smaller one."""
    tree = _tree(caller().home)
    first, second = query["first"], query["second"]
    if not first <= second <= len(tree):
        raise NotFoundError(f"the log has {len(tree)} entries, and first is not more than second")
    return {**query, "path": [_text(one) for one in tree.consistency(first, second)]}


@resource.on(
    "GET",
    "/ledger/trail",
    needs=Permission.LEDGER_READ,
    asks=TrailQuery,
    gives=page_of(DeedShape, "TrailPage"),
)
def trail(query: dict[str, Any]) -> dict[str, Any]:
    """What people did, newest first, and what allowed it."""
    home, table, limit = caller().home, store.entry, query["limit"]
    after = paging.opened(query["cursor"], 1)
    size = func.length(table.c.sealed).label("size")
    chosen = select(table.c.id, size).where(table.c.kind.in_(_TOLD), table.c.sealed.is_not(None))
    chosen = chosen.where(store.ACTED)  # there is an index of these
    chosen = chosen.where(table.c.id < after[0]) if after else chosen
    with home.store.read() as connection:
        rows = connection.execute(chosen.order_by(table.c.id.desc()).limit(limit + 1)).all()
        ids = [row.id for row in rows[: min(limit, brief.fitting([row.size for row in rows]))]]
        found = brief.fetch(home.reader, connection, ids)
    items = [
        {
            "id": one.id,
            "at": one.at,
            "kind": one.kind,
            "by": one.by,
            "allowed": one.allowed,
            "sealed": one.seq,
            "about": _about(one.body),
        }
        for one in (found[id_] for id_ in ids if id_ in found)
        if query["by"] in ("", one.by) and (one.by not in MACHINES or one.kind == "sign-in")
    ]
    return {"items": items, "next": paging.cursor(ids[-1]) if len(rows) > len(ids) else None}


def _about(body: dict[str, Any]) -> dict[str, Any]:
    """Of a deed's body the short words; lists of hashes and long records are left out."""
    return {name: value for name, value in body.items() if isinstance(value, str | int | bool)}


@resource.on("POST", "/ledger/verify", needs=Permission.LEDGER_READ, gives=JobShape, status=202)
def verify() -> tuple[dict[str, Any], dict[str, str]]:
    """Check the whole ledger, as a job: its result is the report, or its problem the first contradiction."""
    who = caller()

    def work(job: Job) -> None:
        from canaries.ledger.verification import verify as check

        def seen(_: object) -> None:
            job.done += 1

        job.result = check(who.home, seen).as_dict()

    return accepted(who.jobs.start("verify", who.actor.account, Permission.LEDGER_READ, work))


def _tree(home: Home) -> Tree:
    leaf = store.leaf
    with home.store.read() as connection:
        return Tree(connection.execute(select(leaf.c.hash).order_by(leaf.c.seq)).scalars())


def _text(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
