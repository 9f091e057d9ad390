"""Jobs: long work, its progress and its result."""

from __future__ import annotations

from typing import Any

from flask import Response, send_file
from marshmallow import Schema, fields

from canaries.accounts.permissions import Permission
from canaries.core.errors import NotFoundError
from listener.api import own
from listener.api.guard import caller
from listener.api.routing import Resource
from listener.api.started import JobShape

resource = Resource("jobs", "Long work. A finished job is kept for an hour, in the memory of the server.")


@resource.on(
    "GET",
    "/jobs",
    needs=Permission.JOBS,
    gives=Schema.from_dict({"items": fields.List(fields.Nested(JobShape), required=True)}, name="JobList"),
)
def listing() -> dict[str, Any]:
    """List jobs, newest first."""
    who = caller()
    return {
        "items": [job.as_dict() for job in who.jobs.listing(own.only(who, Permission.JOBS), who.actor.may)]
    }


@resource.on("GET", "/jobs/<string:id_>", needs=Permission.JOBS, gives=JobShape)
def one(id_: str) -> dict[str, Any]:
    """One job: how far it is, or what came of it."""
    who = caller()
    return who.jobs.find(id_, own.only(who, Permission.JOBS), who.actor.may).as_dict()


@resource.on("GET", "/jobs/<string:id_>/file", needs=Permission.DOSSIERS_BUILD, binary="application/zip")
def file(id_: str) -> Response:
    """The file that a job made; that it was taken is an entry."""
    who = caller()
    job = who.jobs.find(id_, own.only(who, Permission.JOBS), who.actor.may)
    if job.file is None or not job.file.is_file():
        raise NotFoundError("this job has no file", hint="wait until it is done")
    body = {"what": "download", "job": job.id, "file": job.file.name, "sha256": job.result.get("sha256", "")}
    said = who.home.act("exported", {**body, **job.about})
    with who.home.store.write() as connection:
        who.home.writer.put(connection, said)
    return send_file(job.file, mimetype="application/zip", as_attachment=True, download_name=job.file.name)
