"""Dossiers: built on demand, handed over once, kept nowhere. That one was taken is an entry of the builder's."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Blueprint, send_file
from werkzeug.wrappers import Response

from canaries.accounts import approvals
from canaries.accounts.permissions import Permission
from listener.console import permits
from listener.console.pages import app_context, words
from listener.console.permits import needs

page = Blueprint("dossiers", __name__)


@page.post("/incidents/<id_>/dossier")
@needs(Permission.DOSSIERS_BUILD)
def of_incident(id_: str) -> Response:
    """The dossier of one incident, as a download."""
    from listener.incidents import queries

    return _handed_over(incident=queries.incident(app_context().home, id_).id)


@page.post("/canaries/<id_>/dossier")
@needs(Permission.DOSSIERS_BUILD)
def of_canary(id_: str) -> Response:
    """The dossier of one canary, as a download."""
    from canaries.mint import catalogue

    return _handed_over(canary=catalogue.find(app_context().home, id_).id)


def _handed_over(*, incident: str | None = None, canary: str | None = None) -> Response:
    """Built inside the home folder, which nobody else reads; its name is gone before the answer begins."""
    from listener.dossier.build import build

    home, why = app_context().home, words("reason", "the reason for taking a dossier")
    about = f"incident {incident}" if incident else f"canary {canary}"
    approvals.require(home, permits.actor(), "dossier", about, why)
    name = f"dossier-{incident or canary}.zip"
    with tempfile.TemporaryDirectory(prefix="dossier-", dir=home.path) as folder:
        out = build(home, incident=incident, canary=canary, out=Path(folder) / name, why=why)
        file = out.open("rb")
    return send_file(file, mimetype="application/zip", as_attachment=True, download_name=name)
