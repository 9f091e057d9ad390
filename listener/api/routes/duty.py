"""Who is on duty now, by the table of the settings."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from canaries.accounts.permissions import Permission
from listener.api.guard import caller
from listener.api.routing import Resource
from listener.notify import duty

resource = Resource("duty", "Who is on duty. The table is a setting; nothing here changes it.")


class PersonShape(Schema):
    """One person of the table."""

    name = fields.String(required=True)
    hours = fields.List(fields.String(), required=True)
    on_duty = fields.Boolean(required=True)


class DutyShape(Schema):
    """All of them; where nobody is on duty, all their channels are told."""

    at = fields.String(required=True)
    timezone = fields.String(required=True, metadata={"description": "Empty: UTC."})
    items = fields.List(fields.Nested(PersonShape), required=True)


@resource.on("GET", "/duty", needs=Permission.ALERTS_READ, gives=DutyShape)
def listing() -> dict[str, Any]:
    """List who has which hours, and who is on duty now."""
    home = caller().home
    table, at = duty.rota(home.settings), home.now()
    here = table.on_duty(at)
    items = [
        {"name": name, "hours": list(hours), "on_duty": name in here}
        for name, hours in sorted(table.hours.items())
    ]
    return {"at": at, "timezone": table.zone, "items": items}
