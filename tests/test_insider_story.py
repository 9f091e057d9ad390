"""The incident that Trapline is for, from inside: somebody with legitimate access exports the subscribers by psql,
sends them a false alert through the real sending path, and somebody signs in to the real application as a subscriber
who is nobody.

The database is real (PostgreSQL, with its own log), the application is (Flask on a port), and so are psql, the
listener's processes, the mail and the files it is told over.
"""

from __future__ import annotations

import json
import secrets
import smtplib
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
from canaries.plant.planting import plant
from listener.cli import trapline
from listener.dossier.build import build
from listener.following.positions import LogPositions
from listener.hook import Hook
from listener.hook.flask import install
from listener.hook.sends import announce
from listener.incidents import queries
from tests import steady
from tests.postgres_cluster import PostgresCluster

TOML = '[bait]\ndomain = "alerts.test"\nbase_url = "http://127.0.0.1:8080"\n'
REAL = ("june@neighbours.test", "tomas@neighbours.test")
ALERT = "Hello {name},\nroad works at 5th and Main."
FALSE = "Your data has been handed to the authorities. Turn yourself in."


def service(cluster: PostgresCluster, database: str, hook: Hook) -> Flask:
    """A small alert service: sign-in."""
    app = Flask("alerts")
    app.secret_key = "of the test"

    @app.post("/login")
    def login() -> str:
        with cluster.connect(database, "service") as connection:
            query = b"SELECT name FROM subscribers WHERE email = %s"
            if connection.execute(query, (request.form["email"],)).fetchone() is None:
                abort(403)
        session["account"] = request.form["email"]
        return "welcome"

    install(app, hook, account=lambda: session.get("account"))
    return app


def send(place: str, recipients: list[tuple[str, str]], text: str) -> None:
    """What the service's own mailer does: a copy each. Mail to phony subscribers reaches the trap, as their MX."""
    host, _, port = place.rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=steady.PATIENCE) as mailer:
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
def told(
    tmp_path: Path, listen: Callable[..., Any], cluster: PostgresCluster
) -> Iterator[tuple[Home, list[str], Path, str]]:
    """The story, told: home, the phony subscribers' canaries, the file of alerts, what went before the first alarm."""
    home = steady.installation(tmp_path / "home", TOML, "home")
    draw = steady.draw("insider story")
    people = [one.canary for one in mint(home, "user", memo="row of subscribers", count=3, draw=draw)]
    amending.amend(home, people, tags=["list:subscribers"])
    with cluster.database(f"alerts_{secrets.token_hex(4)}") as database:
        set_up(cluster, database)
        url = f"{cluster.url(database)}?table=subscribers"
        for one in people:
            plant(home, one.id, url)
        command(home, "sensors", "install", url, "--accept", "dumps")
        yield from tell(home, [one.id for one in people], tmp_path, listen, cluster, database)
    home.close()


def set_up(cluster: PostgresCluster, database: str) -> None:
    """The service's database, before anybody planted anything."""
    with cluster.connect(database) as connection:
        for role in ("service", "clerk", "owner"):
            made = f"CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object THEN"
            connection.execute(f"DO $$ BEGIN {made} END $$".encode())
        connection.execute(b"CREATE TABLE subscribers (id serial PRIMARY KEY, name text, email text)")
        for name, email in zip(("June", "Tomas"), REAL, strict=True):
            connection.execute(b"INSERT INTO subscribers (name, email) VALUES (%s, %s)", (name, email))
        connection.execute(b"ALTER TABLE subscribers OWNER TO owner")
        connection.execute(b"GRANT SELECT ON subscribers TO service, clerk")


def tell(
    home: Home,
    people: list[str],
    folder: Path,
    listen: Callable[..., Any],
    cluster: PostgresCluster,
    database: str,
) -> Iterator[tuple[Home, list[str], Path, str]]:
    sensor = folder / "sensor.json"
    command(home, "sensors", "filter", "--out", str(folder / "filter"))
    alerts = folder / "alerts.ndjson"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRAPLINE_TRAPS_SENSORS_BIND", f"unix:{folder / 's'}")
        command(home, "sensors", "add", "web", "--out", str(sensor))
    running = listen(
        home,
        TRAPLINE_TRAPS_SENSORS_BIND=f"unix:{folder / 's'}",
        TRAPLINE_TRAPS_SMTP_BIND="127.0.0.1:0",
        TRAPLINE_LOGS_DATABASE_TYPE="postgresql",
        TRAPLINE_LOGS_DATABASE_PATH=str(cluster.log),
        TRAPLINE_CHANNELS_LOG_TYPE="file",
        TRAPLINE_CHANNELS_LOG_PATH=str(alerts),
    )
    mail = running.addresses["smtp"][0]
    app = service(cluster, database, Hook.load(sensor, folder / "filter"))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    steady.until(lambda: LogPositions(home.store, "database").seen_at, running.log.read_text)

    with cluster.connect(database) as connection:  # the mailer is a superuser's job: no read is told
        rows = [
            (str(name), str(email))
            for name, email in connection.execute(b"SELECT name, email FROM subscribers")
        ]
    announce(sensor, "subscribers", ALERT, minutes=5, by="the night shift")
    send(mail, rows, ALERT)
    steady.until(lambda: len(list(queries.hits(home))) >= 2 * len(people), running.log.read_text)
    before = alerts.read_text() if alerts.exists() else ""

    exported = folder / "subscribers.csv"
    copied = f"\\copy (SELECT name, email FROM subscribers) TO '{exported}' CSV"
    done = cluster.run("psql", "-X", cluster.url(database, "clerk"), "-c", copied)
    assert done.returncode == 0, done.stderr
    # the database's log is read a moment later: the alarm that is told first is the export
    steady.until(lambda: "row_read read" in events(home), running.log.read_text)
    loot = [tuple(line.split(",")) for line in exported.read_text().splitlines()]
    send(mail, [(name, email) for name, email in loot], FALSE)
    form = {"email": loot[-1][1], "password": "whatever"}
    requests.post(f"http://127.0.0.1:{server.server_port}/login", data=form, timeout=steady.PATIENCE)
    steady.until(
        lambda: len(events(home)) == 3 and alarms(alerts),
        lambda: (events(home), alarms(alerts), alerts.read_text()),
        steady.PATIENCE,
    )
    server.shutdown()
    server.server_close()
    running.stop()
    yield home, people, alerts, before


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
    assert events(home) == {"row_read read", "unauthorised_send mail", "used_inside login"}
    loud = [
        hit
        for hit in queries.hits(home)
        if hit.facts["verdict"]["event"] in ("row_read", "used_inside", "unauthorised_send")
    ]
    assert len({hit.incident for hit in loud}) == 1
    read = [hit for hit in loud if hit.facts["verdict"]["event"] == "row_read"]
    assert {hit.canary for hit in read} == set(people), "3 of 3: the whole list"
    assert {hit.body["observed"]["reported"]["account"] for hit in read} >= {"clerk"}
    assert {hit.canary for hit in loud if hit.trap == "smtp"} == set(people)
    assert {
        one["incident"]["id"] if isinstance(one["incident"], dict) else one["incident"]
        for one in alarms(alerts)
    } == {loud[0].incident}
    named = [one.get("reported", "") for one in alarms(alerts)]
    assert any("as the operator's log database says" in one for one in named), (
        "the alerts say who reported it"
    )
    build(home, incident=loud[0].incident, out=tmp_path / "case.zip")
    with zipfile.ZipFile(tmp_path / "case.zip") as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("report.html")]
        report = archive.read(name).decode()
    assert "as the operator&#39;s application web reported" in report
    assert "as the operator&#39;s log database says" in report
    assert "by account clerk" in report
    assert "all 3 canaries in postgresql://" in report
    assert "no authorised send matches it" in report
