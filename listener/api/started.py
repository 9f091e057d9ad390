"""What a request gets that started a job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import Schema, fields

if TYPE_CHECKING:
    from listener.api.jobs import Job


class ProgressShape(Schema):
    """How far it is."""

    done = fields.Integer(required=True)
    total = fields.Integer(required=True, metadata={"description": "0: not known."})


class JobShape(Schema):
    """One job."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": ["waiting", "running", "done", "failed"]})
    created_at = fields.String(required=True)
    finished_at = fields.String(required=True)
    progress = fields.Nested(ProgressShape, required=True)
    result = fields.Dict(required=True)
    problem = fields.String(required=True)
    has_file = fields.Boolean(required=True)


def accepted(job: Job) -> tuple[dict[str, Any], dict[str, str]]:
    """For an answer 202."""
    return job.as_dict(), {"Location": f"jobs/{job.id}"}
