"""Time stamps of third parties on the log's checkpoints."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from canaries.accounts.permissions import Permission
from listener.api.guard import caller
from listener.api.routing import Resource
from listener.notify import stamper

resource = Resource("stamps", "When the log had which head, by authorities that are not this installation.")


class StampShape(Schema):
    """One stamp of a checkpoint (RFC 3161)."""

    authority = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Of the checkpoint."})
    at = fields.String(required=True, metadata={"description": "By the authority's clock."})
    ends = fields.String(required=True, metadata={"description": "When the authority's certificate ends."})
    sha256 = fields.String(required=True, metadata={"description": "Of the authority's answer."})
    entry_id = fields.String(required=True)
    place = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Of its entry in the log."}
    )


class StampsShape(Schema):
    """All of them, by size and time."""

    items = fields.List(fields.Nested(StampShape), required=True)


@resource.on("GET", "/ledger/stamps", needs=Permission.LEDGER_READ, gives=StampsShape)
def listing() -> dict[str, Any]:
    """List the time stamps of checkpoints."""
    with caller().home.store.read() as connection:
        found = list(stamper.kept(connection))
    return {"items": [{name: getattr(one, name) for name in StampShape._declared_fields} for one in found]}
