"""Shapes of canaries and of what is made of them, which more than one resource speaks of."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from marshmallow import Schema, fields

if TYPE_CHECKING:
    from canaries.core.model import Bait, Canary
    from canaries.mint.catalogue import Summary


class CanaryShape(Schema):
    """A canary without its bait. `hits` only for whoever may read hits."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    memo = fields.String(required=True)
    recipient = fields.String(required=True)
    owner = fields.String(required=True)
    created_at = fields.String(required=True)
    expires_at = fields.String(required=True)
    retired_at = fields.String(required=True)
    parent = fields.String(required=True)
    tags = fields.List(fields.String(), required=True)
    state = fields.String(required=True, metadata={"enum": ["live", "retired", "expired"]})
    placements = fields.Integer(required=True)
    hits = fields.Integer()


class TokenPartShape(Schema):
    """One string that betrays the canary."""

    facet = fields.String(required=True)
    value = fields.String(required=True)


class BaitFileShape(Schema):
    """A file of the bait."""

    path = fields.String(required=True)
    sha256 = fields.String(required=True)
    content = fields.String(metadata={"description": "Base64; where the bait can be made again."})


class BaitShape(Schema):
    """A canary's bait, in clear."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    memo = fields.String(required=True)
    recipient = fields.String(required=True)
    created_at = fields.String(required=True)
    expires_at = fields.String(required=True)
    tokens = fields.List(fields.Nested(TokenPartShape), required=True)
    files = fields.List(fields.Nested(BaitFileShape), required=True)
    text = fields.String(required=True)
    row = fields.Dict()


class StartedShape(Schema):
    """Something was written: an entry of the ledger."""

    entry = fields.String(required=True)


def state_of(one: Summary, now: str) -> str:
    """``live``, ``retired`` or ``expired``."""
    if one.retired_at:
        return "retired"
    return "expired" if one.expires_at and one.expires_at <= now else "live"


def as_canary(one: Summary, now: str, *, hits: bool) -> dict[str, Any]:
    """For `CanaryShape`."""
    names = ("id", "kind", "memo", "recipient", "owner", "created_at", "expires_at", "retired_at", "parent")
    value = {name: getattr(one, name) for name in names}
    value |= {"tags": list(one.tags), "state": state_of(one, now), "placements": one.placements}
    return value | ({"hits": one.hits} if hits else {})


def editable(one: Summary) -> dict[str, Any]:
    """What two people may edit of it; nothing that tells of hits."""
    names = ("id", "memo", "recipient", "owner", "expires_at", "retired_at")
    return {name: getattr(one, name) for name in names} | {"tags": list(one.tags)}


def as_bait(canary: Canary, bait: Bait | None) -> dict[str, Any]:
    """For `BaitShape`. ``bait`` None: it cannot be made again, and its files are only named."""
    names = ("id", "kind", "memo", "recipient", "created_at", "expires_at", "text")
    value: dict[str, Any] = {name: getattr(canary, name) for name in names}
    value["tokens"] = [{"facet": token.facet, "value": token.value} for token in canary.tokens]
    made = {file.path: base64.b64encode(file.content).decode() for file in bait.files} if bait else {}
    value["files"] = [
        {"path": path, "sha256": digest, **({"content": made[path]} if path in made else {})}
        for path, digest in canary.files
    ]
    return value | ({"row": dict(canary.row)} if canary.row else {})
