"""The ledger: its checkpoints and time stamps, proofs to take away, and what operators did."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, render_template, send_file
from sqlalchemy import func, select

from canaries.accounts.permissions import Permission
from canaries.core import store
from canaries.ledger.checkpoints import Outside, log_verifier
from canaries.ledger.merkle import Tree
from listener.console.pages import app_context
from listener.console.permits import needs
from listener.notify import stamper

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from canaries.installation.home import Home

page = Blueprint("ledger", __name__)
NAV = (60, "Ledger", "ledger.index")

_SHOWN = 50
_ENTRY = re.compile(r"[0-9a-f]{32}")


@page.get("/ledger")
@needs(Permission.LEDGER_READ)
def index() -> str:
    """How long the log is, its last checkpoints, who has stamped them."""
    home = app_context().home
    table = store.checkpoint
    with home.store.read() as connection:
        found = connection.execute(select(table).order_by(table.c.size.desc()).limit(_SHOWN)).all()
        waiting = connection.execute(select(func.count()).select_from(store.unsealed)).scalar_one()
        entries = connection.execute(select(func.max(store.leaf.c.seq))).scalar()
        stamps = stamper.kept(connection)[-_SHOWN:]
    verifier = log_verifier(home)
    outside = Outside(home.path / "checkpoints", verifier).latest()
    return render_template(
        "ledger.html.j2",
        origin=home.origin,
        key=str(verifier),
        checkpoints=found,
        entries=0 if entries is None else entries + 1,
        waiting=waiting,
        stamps=stamps[::-1],
        outside=outside.checkpoint.size if outside else None,
    )


@page.get("/ledger/checkpoints/<int:size>")
@needs(Permission.LEDGER_READ)
def checkpoint(size: int) -> AnyResponse:
    """One checkpoint as a file: the signed note, byte for byte."""
    with app_context().home.store.read() as connection:
        note = connection.scalar(select(store.checkpoint.c.note).where(store.checkpoint.c.size == size))
    if note is None:
        abort(404, "There is no checkpoint of that size.")
    return _file(note.encode(), f"checkpoint-{size}.txt", "text/plain; charset=utf-8")


@page.get("/ledger/proofs/<entry_id>")
@needs(Permission.LEDGER_READ)
def proof(entry_id: str) -> AnyResponse:
    """The proof that an entry is in the log of the newest checkpoint (RFC 9162, 2.1.3), and that checkpoint."""
    if not _ENTRY.fullmatch(entry_id):
        abort(404, "That is not the id of an entry.")
    found = _proof(app_context().home, entry_id)
    if found is None:
        abort(404, "There is no such entry under a checkpoint: it may not be sealed yet.")
    return _file(json.dumps(found, indent=1).encode(), f"proof-{entry_id}.json", "application/json")


def _file(content: bytes, name: str, kind: str) -> AnyResponse:
    return send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)


def _proof(home: Home, entry_id: str) -> dict[str, Any] | None:
    leaf, table = store.leaf, store.checkpoint
    with home.store.read() as connection:
        row = connection.execute(select(leaf).where(leaf.c.entry_id == entry_id)).first()
        head = connection.execute(select(table).order_by(table.c.size.desc()).limit(1)).first()
        if row is None or head is None or row.seq >= head.size:
            return None
        query = select(leaf.c.hash).where(leaf.c.seq < head.size).order_by(leaf.c.seq)
        hashes = list(connection.execute(query).scalars())
    path = Tree(hashes).inclusion(row.seq)
    return {
        "log": home.origin,
        "entry": entry_id,
        "leaf_index": row.seq,
        "leaf_hash": row.hash.hex(),
        "tree_size": head.size,
        "inclusion_path": [one.hex() for one in path],
        "checkpoint": head.note,
        "checkpoint_seen_at": head.at,
        "verifier_key": str(log_verifier(home)),
    }
