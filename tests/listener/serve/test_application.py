"""Console and API behind one door, each with its own rules."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
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
from tests.house import ROOT


@pytest.fixture
def served(home: Home) -> Iterator[str]:
    """Both, on a socket."""
    with serving(home) as url:
        yield url


@contextlib.contextmanager
def serving(home: Home) -> Iterator[str]:
    stop = threading.Event()
    with server.bind("127.0.0.1:0") as listening:
        application = together(create_app(home, host=server.name(listening)), create_api(home))
        thread = threading.Thread(target=server.serve, args=(application, listening, stop))
        thread.start()
        try:
            yield f"http://{server.name(listening)}"
        finally:
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


class RemoteRun:
    """Runs commands on a machine without a home, and remembers which."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, server: str, secret: str) -> None:
        monkeypatch.setenv("TRAPLINE_HOME", "/nowhere")
        monkeypatch.setenv("TRAPLINE_SERVER", server)
        monkeypatch.setenv("TRAPLINE_TOKEN", secret)
        self.done: set[str] = set()

    def __call__(self, *words: str, status: int = 0) -> str:
        done = CliRunner().invoke(trapline, words)
        assert done.exit_code == status, f"{words}: {done.output} {done.exception!r}"
        self.done |= {words[0], " ".join(words[:2])}
        return done.stdout

    def json(self, *words: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self(*words, "--json").splitlines()]


def with_server(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[str]:
    """All that has ``--server``, found in the tree of commands."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from with_server(below, (*path, name))
    elif any("--server" in one.opts for one in command.params):
        yield " ".join(path)


def at_home(home: Home, *words: str) -> list[dict[str, Any]]:
    """The same command with the keys."""
    environ = {"TRAPLINE_HOME": str(home.path), "TRAPLINE_SERVER": None, "TRAPLINE_TOKEN": None}
    done = CliRunner(env=environ).invoke(trapline, [*words, "--json"])
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_command_that_takes_a_server_works_by_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strike: Callable[..., str]
) -> None:
    """What an analyst does in a day, without a home. A command that gets ``--server`` and is not here fails this."""
    channel = f'[channels.log]\ntype = "file"\npath = "{tmp_path}/told"\n'
    with Home.create(tmp_path / "home", channel) as home, serving(home) as url:
        run = RemoteRun(monkeypatch, url, token(home, "ann", "analyst"))
        analysts_day(run, home, tmp_path, strike)
        assert set(with_server(trapline)) <= run.done
    told = (ROOT / "docs/api.md").read_text()
    assert not [name for name in with_server(trapline) if f"`{name}`" not in told]


def analysts_day(run: RemoteRun, home: Home, tmp_path: Path, strike: Callable[..., str]) -> None:
    one, two = run.json("mint", "url", "--count", "2", "--memo", "laptop")
    run("placed", one["id"][:8], "build server 7")
    assert run.json("placements", "--canary", one["id"])[0]["target"] == "build server 7"
    run("amend", one["id"][:8], two["id"], "--tag", "ci", "--expires", "30d", "--reason", "as agreed")
    assert {one["tags"][0] for one in run.json("list", "--tag", "ci")} == {"ci"}
    assert run.json("show", one["id"][:8])[0]["memo"] == "laptop"
    strike(home, catalogue.find(home, one["id"]))
    second = strike(home, catalogue.find(home, two["id"]))
    assert [hit["canary"] for hit in run.json("hits", "--canary", one["id"][:8])] == [one["id"]]
    incident = run.json("incidents")[0]["id"]
    short = incident[:7]
    run("incident", short, "--note", "seen")
    run("incident", short, "--assess", "a test", "--likelihood", "likely", "--confidence", "low")
    run("incident", short, "--rate", "own", "--likelihood", "likely", "--because", "ticket")
    run("incident", short, "--assign", "bo", "--reason", "my shift ends")
    run("incident", short, "--acknowledge")
    [moved] = run.json("incident", short, "--split", second[:20], "--reason", "not the same")
    run("incident", short, "--merge", moved["incident"], "--reason", "the same after all")
    run("incident", short, "--close", "--outcome", "test", "--reason", "it was us")
    shown = run("incident", short)
    assert "with bo" in shown
    assert "[closed: test]" in shown
    assert "a test" in shown
    [said] = run.json("incident", short)
    assert (said["state"], said["hits"], len(said["timeline"])) == ("closed", 2, 2)
    assert run.json("incident", short, "--hypotheses") == at_home(home, "incident", short, "--hypotheses")
    [proposed] = run.json("rules", "propose", short)
    [rule] = run.json("rules", "add", "--incident", short, "--reason", "our scanner")
    assert rule["networks"] == [f"{proposed['networks'][0]}/32"]
    run("rules", "review", rule["id"], "--for", "30d", "--reason", "still")
    assert run.json("rules", "list") == at_home(home, "rules", "list") != []
    run("rules", "remove", rule["id"], "--reason", "over")
    run("test-fire", one["id"][:8], "--for", "5m")
    run(
        "hold",
        "place",
        "--incident",
        short,
        "--owner",
        "counsel",
        "--reason",
        "claim",
        "--until",
        "2099-01-01",
    )
    run("hold", "review", short, "--until", "2099-02-01")
    assert run.json("hold", "list") == at_home(home, "hold", "list") != []
    run("hold", "release", short, "--reason", "over")
    run("alerts", "test")
    assert "TEST" in (tmp_path / "told").read_text().upper()
    run("alerts", "retry")
    run("alerts", "give-up", "log", "--reason", "seen")
    assert run.json("alerts", "status") == at_home(home, "alerts", "status") != []
    parts = run("status", "--json", status=1).splitlines()
    assert {json.loads(line)["part"] for line in parts} >= {"database", "listener"}
    run("retire", one["id"][:8], two["id"], "--reason", "over")
    assert {one["id"] for one in run.json("list", "--state", "retired")} == {one["id"], two["id"]}


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
