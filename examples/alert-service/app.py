"""A small volunteer text-alert service: subscribers in SQLite, settings in ``.env``, backups in a folder beside them.

It knows nothing of Trapline. The demo plants bait into its table and its ``.env``; an intruder steals both.

    python app.py FOLDER [PORT]          FOLDER holds (or gets) subscribers.db and .env
"""

from __future__ import annotations

import os
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

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
        found = rows("SELECT * FROM subscribers WHERE username = ?", request.form.get("username", ""))
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

    return app


if __name__ == "__main__":
    where = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    prepare(where)
    from werkzeug.serving import make_server

    server = make_server(
        "127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0, create_app(where), threaded=True
    )
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
