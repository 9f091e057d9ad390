"""A small volunteer text-alert service: subscribers in SQLite, settings in ``.env``, backups in a folder beside them.

Staff (``staff.json``) export the list and send alerts to it by mail. It knows nothing of Trapline but what is in
`with_sensor`: where the folder holds the two files of a sensor, that is three lines. The demo plants bait into its
table and its ``.env``; an intruder steals both, and an insider needs to steal nothing.

    python app.py FOLDER [PORT]          FOLDER holds (or gets) subscribers.db, .env and staff.json
"""

from __future__ import annotations

import csv
import io
import json
import os
import secrets
import smtplib
import sqlite3
import sys
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, redirect, render_template_string, request, session, url_for
from werkzeug.security import check_password_hash, generate_password_hash

SCHEMA = """
CREATE TABLE IF NOT EXISTS subscribers (
    id INTEGER PRIMARY KEY,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    phone TEXT,
    username TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    profile_url TEXT,
    created_at TEXT NOT NULL
)
"""

NEIGHBOURS = [
    ("June", "Okafor", "june.okafor@invalid.test", "+1 555-0101", "juneo"),
    ("Tomas", "Lind", "tomas.lind@invalid.test", "+1 555-0102", "tlind"),
    ("Priya", "Nair", "priya.nair@invalid.test", None, "pnair"),
]

PAGE = """<!doctype html><title>Neighbourhood alerts</title><h1>{{ title }}</h1>
{% if person %}<p>Signed in as {{ person.first_name }} {{ person.last_name }}.</p>
{% if person.profile_url %}<img alt="" src="{{ person.profile_url }}">{% endif %}
{% else %}
<form method="post"><input name="username"><input name="password" type="password"><button>Sign in</button></form>
{% endif %}
"""


def prepare(folder: Path) -> None:
    """A folder with a few invented neighbours and an ``.env``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "backups").mkdir(exist_ok=True)
    if not (folder / ".env").exists():
        (folder / ".env").write_text(
            "APP_NAME=neighbourhood-alerts\nFLASK_DEBUG=0\nDATABASE=subscribers.db\n"
        )
    if not (folder / "staff.json").exists():
        (folder / "staff.json").write_text(json.dumps({"clerk": secrets.token_hex(8)}))
    with sqlite3.connect(folder / "subscribers.db") as connection:
        connection.execute(SCHEMA)
        rows = [
            (
                *person,
                generate_password_hash(os.urandom(9).hex(), "pbkdf2:sha256:1000"),
                f"2026-01-0{day}T09:00:00",
            )
            for day, person in enumerate(NEIGHBOURS, start=1)
        ]
        connection.executemany(
            "INSERT OR IGNORE INTO subscribers"
            " (first_name, last_name, email, phone, username, password_hash, created_at) VALUES (?,?,?,?,?,?,?)",
            rows,
        )
    connection.close()


def create_app(folder: Path) -> Flask:
    """The service."""
    app = Flask(__name__)
    app.secret_key = os.urandom(16)

    def rows(query: str, *values: str) -> list[sqlite3.Row]:
        connection = sqlite3.connect(folder / "subscribers.db")
        connection.row_factory = sqlite3.Row
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()

    @app.get("/")
    def front() -> str | Response:
        found = rows("SELECT * FROM subscribers WHERE id = ?", str(session.get("person", 0)))
        return render_template_string(PAGE, title="Neighbourhood alerts", person=found[0] if found else None)

    @app.post("/")
    def sign_in() -> Response:
        name = request.form.get("username", "")
        found = rows("SELECT * FROM subscribers WHERE username = ? OR email = ?", name, name)
        if not found or not check_password_hash(found[0]["password_hash"], request.form.get("password", "")):
            abort(403)
        session["person"] = found[0]["id"]
        return redirect(url_for("front"))  # type: ignore[return-value]

    @app.post("/join")
    def join() -> Response:
        form = request.form
        values = (
            *(form.get(name, "") for name in ("first_name", "last_name", "email", "phone", "user_name")),
            generate_password_hash(form.get("password", ""), "pbkdf2:sha256:1000"),
            form.get("profile_url", ""),
            datetime.now(UTC).isoformat(timespec="seconds")[:19],
        )
        with sqlite3.connect(folder / "subscribers.db") as connection:
            connection.execute(
                "INSERT INTO subscribers (first_name, last_name, email, phone, username, password_hash, profile_url,"
                " created_at) VALUES (?,?,?,?,?,?,?,?)",
                values,
            )
        connection.close()
        return redirect(url_for("front"))  # type: ignore[return-value]

    def on_duty() -> str:
        """Who of the staff asks, by name and password; nobody else gets further."""
        known, given = json.loads((folder / "staff.json").read_text()), request.authorization
        if given is None or not given.password or known.get(given.username) != given.password:
            abort(401)
        return str(given.username)

    @app.get("/staff/subscribers.csv")
    def export() -> Response:
        who, found = on_duty(), rows("SELECT first_name, last_name, email, phone FROM subscribers")
        text = io.StringIO()
        csv.writer(text).writerows(found)
        if hook is not None:
            leaving = [("row email", row["email"]) for row in found]
            hook.look(leaving, "export", account=who, route=request.path, client=request.remote_addr)
        return Response(text.getvalue(), mimetype="text/csv")

    @app.post("/staff/alerts")
    def alert() -> str:
        on_duty()
        found = rows("SELECT first_name, email FROM subscribers")
        return f"{send(folder, request.form['text'], found)} of {len(found)} sent"

    hook = with_sensor(app, folder)
    return app


def with_sensor(app: Flask, folder: Path) -> Any:
    """The sensor, where ``trapline sensors add`` and ``trapline sensors filter`` have put their files; else None."""
    if not (folder / "sensor.json").exists():
        return None
    from trapline_hook import Hook  # type: ignore[import-not-found]  # no types are installed with it
    from trapline_hook.flask import install  # type: ignore[import-not-found]

    hook = Hook.load(folder / "sensor.json", folder / "filter.bin", spool=folder / "reports")
    install(app, hook, account=lambda: session.get("person"))
    return hook


def send(folder: Path, text: str, recipients: list[sqlite3.Row]) -> int:
    """Mail a copy to each; how many went out. ``routes.json`` says which host takes a domain's mail, as DNS would; of
    other domains a line is left in ``outbox``."""
    path = folder / "routes.json"
    routes = json.loads(path.read_text()) if path.exists() else {}
    sent = 0
    with (folder / "outbox").open("a") as outbox:
        for name, email in recipients:
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = "alerts@invalid.test", email, "Alert"
            message.set_content(text.replace("{name}", name))
            if place := routes.get(email.partition("@")[2]):
                host, _, port = place.rpartition(":")
                with smtplib.SMTP(host, int(port), timeout=10) as mailer:
                    mailer.send_message(message)
                sent += 1
            else:
                outbox.write(f"{email}\n")
    return sent


if __name__ == "__main__":
    where = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    prepare(where)
    from werkzeug.serving import make_server

    server = make_server(
        "127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0, create_app(where), threaded=True
    )
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
