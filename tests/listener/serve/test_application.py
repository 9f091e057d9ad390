"""Console and API behind one door, each with its own rules."""

from __future__ import annotations

from werkzeug.test import Client

from canaries.installation.home import Home
from listener.api.application import create_api
from listener.console.app import create_app
from listener.serve.application import together
from tests.accounts import token


def test_each_answers_under_its_own_path(home: Home) -> None:
    client = Client(together(create_app(home, host="127.0.0.1:4711"), create_api(home)))
    root = "http://127.0.0.1:4711"
    secret = {"Authorization": f"Bearer {token(home, 'pat', 'planter')}"}
    assert client.get("/api/v1/me", base_url=root, headers=secret).status_code == 200
    assert client.get("/api/v1/me", base_url=root).mimetype == "application/problem+json"
    assert client.get("/health", base_url=root).status_code == 401
    assert client.get("/health", base_url=root, headers=secret).status_code == 401
    assert client.get("/api/v1/docs", base_url=root).status_code == 200
