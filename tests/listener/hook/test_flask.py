"""Flask: who was signed in is in the report, the session's id is not."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, request, session

from listener.hook import Hook
from listener.hook.flask import install
from tests import steady
from tests.listener.hook.conftest import BAIT


def test_a_search_for_bait_names_who_searched(fake_listener: Any, hook: Hook) -> None:
    app = Flask(__name__)
    app.secret_key = "of the test"

    @app.post("/sign-in")
    def sign_in() -> str:
        session["person"] = 17
        return "welcome"

    @app.get("/search")
    def search() -> str:
        return request.args["q"]

    install(app, hook, account=lambda: session.get("person"))
    client = app.test_client()
    client.post("/sign-in", data={"user": "operator@x.example", "password": "real"})
    cookie = client.get_cookie("session")
    assert client.get("/search", query_string={"q": BAIT[0]}).text == BAIT[0]
    (report,) = steady.until(lambda: fake_listener.reports)
    assert report["facts"]["account"] == 17
    assert (report["facts"]["endpoint"], report["facts"]["status"]) == ("search", 200)
    assert cookie is not None
    assert cookie.value not in json.dumps(report)
    assert len(report["facts"]["session"]) == 16
