"""The incident that Trapline is for, from inside: somebody exports the subscribers, sends them a false alert through
the real sending path, and somebody signs in to the real application as a subscriber who is nobody.

The application is real (Flask on a port), and so are the listener's processes, the mail and the files it is told over.
"""

from __future__ import annotations

import json
import smtplib
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner
from flask import Flask, abort, request, session
from werkzeug.serving import make_server

from canaries.installation.home import Home
from canaries.mint import amending
from canaries.mint.minting import mint
from listener.cli import trapline
from listener.dossier.build import build
from listener.hook import Hook
from listener.hook.flask import install
from listener.hook.sends import announce
from listener.incidents import queries
from tests import steady

TOML = '[bait]\ndomain = "alerts.test"\nbase_url = "http://127.0.0.1:8080"\n'
REAL = ("june@neighbours.test", "tomas@neighbours.test")
ALERT = "Hello {name},\nroad works at 5th and Main."
FALSE = "Your data has been handed to the authorities. Turn yourself in."


def service(folder: Path, hook: Hook) -> Flask:
    """A small alert service: sign-in, and an export for its staff."""
    app = Flask("alerts")
    app.secret_key = "of the test"

    def rows() -> list[tuple[str, str]]:
        with sqlite3.connect(folder / "subscribers.db") as connection:
            found = connection.execute("SELECT name, email FROM subscribers").fetchall()
        connection.close()
        return found

    @app.post("/login")
    def login() -> str:
        if request.form["email"] not in {email for _, email in rows()}:
            abort(403)
        session["account"] = request.form["email"]
        return "welcome"

    @app.get("/staff/export")
    def export() -> str:
        found = rows()
        hook.look(
            [("export email", email) for _, email in found],
            "export",
            account="staff 17",
            client=request.remote_addr,
            user_agent=request.user_agent.string,
            rows=len(found),
        )
        return "\n".join(",".join(row) for row in found)

    install(app, hook, account=lambda: session.get("account"))
    return app


def send(place: str, recipients: list[tuple[str, str]], text: str) -> None:
    """What the service's own mailer does: a copy each. Mail to phony subscribers reaches the trap, as their MX."""
    host, _, port = place.rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=30) as mailer:
        for name, email in recipients:
            if email in REAL:
                continue
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = "alerts@service.test", email, "Alert"
            message.set_content(text.replace("{name}", name))
            mailer.send_message(message)


def command(home: Home, *words: str) -> None:
    done = CliRunner().invoke(trapline, ["--home", str(home.path), *words])
    assert done.exit_code == 0, done.output


@pytest.fixture
def told(tmp_path: Path, listen: Callable[..., Any]) -> Iterator[tuple[Home, list[str], Path, str]]:
    """The story, told: home, the phony subscribers' canaries, the file of alerts, what went before the first alarm."""
    home = steady.installation(tmp_path / "home", TOML, "home")
    people = [one.canary for one in mint(home, "user", memo="row of subscribers", count=3)]
    amending.amend(home, people, tags=["list:subscribers"])
    rows = [("June", REAL[0]), ("Tomas", REAL[1]), *((one.row["name"], one.row["email"]) for one in people)]
    with sqlite3.connect(tmp_path / "subscribers.db") as connection:
        connection.execute("CREATE TABLE subscribers (name TEXT, email TEXT)")
        connection.executemany("INSERT INTO subscribers VALUES (?, ?)", rows)
    connection.close()
    sensor = tmp_path / "sensor.json"
    command(home, "sensors", "filter", "--out", str(tmp_path / "filter"))
    alerts = tmp_path / "alerts.ndjson"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRAPLINE_TRAPS_SENSORS_BIND", f"unix:{tmp_path / 's'}")
        command(home, "sensors", "add", "web", "--out", str(sensor))
    running = listen(
        home,
        TRAPLINE_TRAPS_SENSORS_BIND=f"unix:{tmp_path / 's'}",
        TRAPLINE_TRAPS_SMTP_BIND="127.0.0.1:0",
        TRAPLINE_CHANNELS_LOG_TYPE="file",
        TRAPLINE_CHANNELS_LOG_PATH=str(alerts),
    )
    mail = running.addresses["smtp"][0]
    server = make_server(
        "127.0.0.1", 0, service(tmp_path, Hook.load(sensor, tmp_path / "filter")), threaded=True
    )
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"

    announce(sensor, "subscribers", ALERT, minutes=5, by="the night shift")
    send(mail, rows, ALERT)
    steady.until(lambda: len(list(queries.hits(home))) >= 2 * len(people), running.log.read_text)
    before = alerts.read_text() if alerts.exists() else ""

    export = requests.get(f"{url}/staff/export", timeout=10)
    send(mail, rows, FALSE)
    email = export.text.splitlines()[-1].partition(",")[2]
    requests.post(f"{url}/login", data={"email": email, "password": "whatever"}, timeout=10)
    steady.until(
        lambda: len(events(home)) == 3 and alarms(alerts),
        lambda: (events(home), alarms(alerts), alerts.read_text()),
        15,
    )
    server.shutdown()
    server.server_close()
    running.stop()
    yield home, [one.id for one in people], alerts, before
    home.close()


def alarms(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text().splitlines() if path.exists() else []
    return [one for one in map(json.loads, lines) if one["event"] not in ("unwell", "heartbeat", "recovered")]


def events(home: Home) -> set[str]:
    """What happened, of what was not announced."""
    found = ((hit.facts["verdict"]["event"], hit.request.split(" ")[0]) for hit in queries.hits(home))
    return {
        " ".join(one)
        for one in found
        if one[0] not in ("authorised_send", "subscriber_named", "conversation")
    }


def test_an_export_a_false_alert_and_a_sign_in_are_one_incident(
    told: tuple[Home, list[str], Path, str], tmp_path: Path
) -> None:
    home, people, alerts, before = told
    assert "incident" not in before, "the announced alert is nobody's alarm"
    assert events(home) == {"used_inside export", "unauthorised_send mail", "used_inside login"}
    loud = [
        hit
        for hit in queries.hits(home)
        if hit.facts["verdict"]["event"] in ("used_inside", "unauthorised_send")
    ]
    assert len({hit.incident for hit in loud}) == 1
    assert {hit.canary for hit in loud if hit.request.startswith("export")} == set(people), (
        "3 of 3: the whole list"
    )
    assert {hit.canary for hit in loud if hit.trap == "smtp"} == set(people)
    assert {
        one["incident"]["id"] if isinstance(one["incident"], dict) else one["incident"]
        for one in alarms(alerts)
    } == {loud[0].incident}
    build(home, incident=loud[0].incident, out=tmp_path / "case.zip")
    with zipfile.ZipFile(tmp_path / "case.zip") as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("report.html")]
        report = archive.read(name).decode()
    assert "as the operator&#39;s application web reported" in report
    assert "staff 17" in report
    assert "no authorised send matches it" in report
