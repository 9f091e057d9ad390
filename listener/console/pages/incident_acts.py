"""What operators do about an incident: each is an entry with their name, and leads back to the incident's page."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from flask import Blueprint, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from canaries.accounts.permissions import Permission
from canaries.core import clock
from canaries.core.errors import TraplineError
from canaries.mint import catalogue
from listener.console.pages import MOST_WORDS, app_context, words
from listener.console.permits import needs
from listener.incidents import operator_acts, queries
from listener.notify import quiet_incidents, rules

page = Blueprint("incident_acts", __name__)


def _back(id_: str) -> Response:
    return redirect(url_for("incidents.one", id_=id_), 303)


def _optional(field: str) -> str:
    return request.form.get(field, "").replace("\r\n", "\n").strip()[:MOST_WORDS]


@page.post("/incidents/<id_>/notes")
@needs(Permission.INCIDENTS_CHANGE)
def note(id_: str) -> Response:
    """Write a note."""
    operator_acts.note(app_context().home, id_, words("text", "the note"))
    return _back(id_)


@page.post("/incidents/<id_>/acknowledge")
@needs(Permission.INCIDENTS_CHANGE)
def acknowledge(id_: str) -> Response:
    """You know: only something weightier is told from now on, for good or until ``snooze``."""
    quiet_incidents.keep_quiet(app_context().home, id_, _optional("snooze"), _optional("reason"))
    return _back(id_)


@page.post("/incidents/<id_>/assignment")
@needs(Permission.INCIDENTS_CHANGE)
def assign(id_: str) -> Response:
    """Say who looks after it; an empty name: nobody any more."""
    operator_acts.assign(app_context().home, id_, _optional("name"), _optional("reason"))
    return _back(id_)


@page.post("/incidents/<id_>/assessments")
@needs(Permission.INCIDENTS_CHANGE)
def assess(id_: str) -> Response:
    """Write a judgement, in the form of ICD 203."""
    form = request.form
    operator_acts.assess(
        app_context().home,
        id_,
        statement=words("statement", "the statement"),
        likelihood=form.get("likelihood", ""),
        confidence=form.get("confidence", ""),
        alternatives=_lines("alternatives"),
        because=words("because", "the reason for the confidence"),
        would_change=_optional("would_change"),
    )
    return _back(id_)


def _lines(field: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in request.form.get(field, "").splitlines() if line.strip())


@page.post("/incidents/<id_>/ratings")
@needs(Permission.INCIDENTS_CHANGE)
def rate(id_: str) -> Response:
    """Say how likely one of the competing explanations is."""
    form = request.form
    operator_acts.rate(
        app_context().home,
        id_,
        form.get("hypothesis", ""),
        form.get("likelihood", ""),
        words("because", "the reason"),
    )
    return _back(id_)


@page.post("/incidents/<id_>/state")
@needs(Permission.INCIDENTS_CHANGE)
def state(id_: str) -> Response:
    """Close it with what it turned out to be, or open it again; with a reason."""
    home, reason = app_context().home, words("reason", "the reason")
    if request.form.get("state") == "closed":
        operator_acts.close(home, id_, reason, request.form.get("outcome", ""))
    else:
        operator_acts.reopen(home, id_, reason)
    return _back(id_)


@page.post("/incidents/<id_>/rules")
@needs(Permission.ALERTS_CHANGE)
def suppress(id_: str) -> Response:
    """Mark what comes like this as the operator's own, from now on: recorded all the same, told to nobody."""
    home, form = app_context().home, request.form
    incident = queries.incident(home, id_)
    canary = form.get("canary", "").strip()
    if canary and canary not in incident.canaries:
        raise TraplineError(
            "that canary was not used in this incident", hint="go back and choose one of its own"
        )
    rules.add(
        home,
        "mute" if form.get("mark") == "mute" else "own",
        expires_at=clock.until(_optional("lasting") or "90d", home.clock.now()),
        reason=words("reason", "the reason"),
        owner=_optional("owner"),
        networks=tuple(filter(None, [_optional("network")])),
        client=_optional("client"),
        canary=catalogue.find(home, canary).id if canary else "",
    )
    return redirect(url_for("alerts.index"), 303)


@page.post("/incidents/<id_>/drafts")
@needs(Permission.DOSSIERS_BUILD)
def letters(id_: str) -> Response:
    """The letter drafts of this incident, filled, as one zip; an entry says that they were taken."""
    from listener.dossier import drafts

    home = app_context().home
    incident = queries.incident(home, id_)
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="drafts-", dir=home.path) as folder:
        made = drafts.write(home, Path(folder) / "drafts", incident=incident.id)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in made:
                archive.writestr(path.name, path.read_bytes())
    packed.seek(0)
    name = f"drafts-{incident.id}.zip"
    return send_file(packed, mimetype="application/zip", as_attachment=True, download_name=name)
