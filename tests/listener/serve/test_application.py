"""Console and API behind one door, each with its own rules."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from werkzeug.test import Client

from canaries.core.errors import TraplineError
from canaries.installation.home import Home
from canaries.mint import catalogue
from listener.api.application import create_api
from listener.cli import trapline
from listener.console import server
from listener.console.app import create_app
from listener.serve.application import together
from tests import steady
from tests.accounts import token


@pytest.fixture
def served(home: Home) -> Iterator[str]:
    """Both, on a socket."""
    stop = threading.Event()
    with server.bind("127.0.0.1:0") as listening:
        application = together(create_app(home, host=server.name(listening)), create_api(home))
        thread = threading.Thread(target=server.serve, args=(application, listening, stop))
        thread.start()
        yield f"http://{server.name(listening)}"
        stop.set()
        thread.join(steady.PATIENCE)


def test_each_answers_under_its_own_path(home: Home) -> None:
    client = Client(together(create_app(home, host="127.0.0.1:4711"), create_api(home)))
    root = "http://127.0.0.1:4711"
    secret = {"Authorization": f"Bearer {token(home, 'pat', 'planter')}"}
    assert client.get("/api/v1/me", base_url=root, headers=secret).status_code == 200
    assert client.get("/api/v1/me", base_url=root).mimetype == "application/problem+json"
    assert client.get("/health", base_url=root).status_code == 401
    assert client.get("/health", base_url=root, headers=secret).status_code == 401
    assert client.get("/api/v1/docs", base_url=root).status_code == 200


def test_the_command_line_by_the_api(
    home: Home, served: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strike: Callable[..., str]
) -> None:
    """mint, list, show, hits and incidents on a machine without a home; what the API cannot is refused."""
    monkeypatch.setenv("TRAPLINE_HOME", "/nowhere")
    monkeypatch.setenv("TRAPLINE_SERVER", served)
    monkeypatch.setenv("TRAPLINE_TOKEN", token(home, "ann", "analyst"))

    def run(*arguments: str, status: int = 0) -> str:
        done = CliRunner().invoke(trapline, arguments)
        assert done.exit_code == status or isinstance(done.exception, TraplineError) == (status == 2), (
            done.output
        )
        return done.stdout

    out = tmp_path / "out"
    run("mint", "kubeconfig", "--memo", "laptop", "--expires", "30d", "--out", str(out))
    assert [path.name for path in out.rglob("*") if path.is_file()]
    assert len(run("mint", "url", "--count", "3", "--json").splitlines()) == 3
    listed = [json.loads(line) for line in run("list", "--json", "--state", "live").splitlines()]
    assert [one["kind"] for one in listed].count("url") == 3
    one = next(one for one in listed if one["kind"] == "url")
    assert one["hits"] == 0
    strike(home, catalogue.find(home, one["id"]))
    text = run("show", one["id"], "--reveal", "--reason", "lost it")
    assert catalogue.find(home, one["id"]).text.strip() in text
    assert "text" not in json.loads(run("show", one["id"], "--json"))
    (hit,) = [json.loads(line) for line in run("hits", "--json").splitlines()]
    assert hit["canary"] == one["id"]
    assert "198.51.100.7" in run("hits", "--canary", one["id"])
    assert json.loads(run("incidents", "--json"))["id"] == hit["incident"]
    assert hit["incident"] in run("incidents")
    for wrong in (("list", "--never-fired"), ("hits", "--follow"), ("mint", "url", "--from", __file__)):
        run(*wrong, status=2)
    monkeypatch.setenv("TRAPLINE_TOKEN", "tlapi_wrong")
    run("hits", status=2)
