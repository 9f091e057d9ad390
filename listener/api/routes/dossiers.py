"""Dossiers: built as a job, downloaded as its file. That one was opened and taken is an entry each."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, validates_schema

from canaries.accounts import approvals
from canaries.accounts.permissions import Permission
from canaries.mint import catalogue
from listener.api.fields import ID, INCIDENT, RequestBody, named, reason
from listener.api.guard import caller
from listener.api.jobs import Job
from listener.api.routing import Resource
from listener.api.started import JobShape, accepted
from listener.incidents import queries

resource = Resource("dossiers", "The verifiable report on one incident or one canary.")


class DossierBody(RequestBody):
    """Of what: one of the two."""

    incident = named(INCIDENT)
    canary = named(ID)
    reason = reason()

    @validates_schema
    def _one(self, data: dict[str, Any], **_: Any) -> None:
        if ("incident" in data) == ("canary" in data):
            raise ValidationError("give incident or canary", "incident")


@resource.on(
    "POST", "/dossiers", needs=Permission.DOSSIERS_BUILD, takes=DossierBody, gives=JobShape, status=202
)
def build(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Build one, as a job: its file is a zip, its result the file's SHA-256."""
    who = caller()
    incident, canary = body.get("incident"), body.get("canary")
    if incident:
        queries.incident(who.home, incident)
    else:
        catalogue.find(who.home, canary or "")

    def work(job: Job) -> None:
        from listener.dossier.build import build

        name = f"dossier-{incident or canary}.zip"
        warnings: list[str] = []
        out = build(
            who.home,
            incident=incident,
            canary=canary,
            out=job.folder / name,
            why=body["reason"],
            warn=warnings.append,
        )
        sidecar = out.with_name(f"{out.name}.sha256").read_text("ascii")
        job.result = {"sha256": sidecar.split()[0], "warnings": warnings}
        job.about = {"incident": incident} if incident else {"canary": canary or ""}
        job.file = out

    about = f"incident {incident}" if incident else f"canary {canary}"
    approvals.require(who.home, who.actor, "dossier", about, body["reason"])
    return accepted(who.jobs.start("dossier", who.actor.account, Permission.DOSSIERS_BUILD, work))
