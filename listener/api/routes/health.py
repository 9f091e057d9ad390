"""Health: whether every part works."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from canaries.accounts.permissions import Permission
from canaries.installation.home import Home
from listener.api.guard import caller
from listener.api.routing import Resource
from listener.health.examination import examine

resource = Resource("health", "Whether every part works; the same report as `trapline status`.")


class PartShape(Schema):
    """One part."""

    part = fields.String(required=True)
    level = fields.String(required=True, metadata={"enum": ["well", "note", "failing"]})
    says = fields.String(required=True)
    hint = fields.String(required=True)


class ReportShape(Schema):
    """Every part at one moment."""

    at = fields.String(required=True)
    well = fields.Boolean(required=True)
    parts = fields.List(fields.Nested(PartShape), required=True)


@resource.on("GET", "/health", needs=Permission.HEALTH_READ, gives=ReportShape)
def report() -> dict[str, Any]:
    """How every part is now, by the settings of now."""
    here = caller().home
    with Home(here.path, here.clock) as fresh:
        return examine(fresh).as_dict()
