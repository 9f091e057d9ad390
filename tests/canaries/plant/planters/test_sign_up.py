"""A person signs up by a real application's own form, is found there, is removed; the bait's password opens nothing."""

from __future__ import annotations

import json
import secrets
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, redirect, request, session
from werkzeug.serving import make_server

from canaries.core.errors import PlantError
from canaries.core.model import Bait
from canaries.installation.home import Home
from canaries.plant import newcomers, placements, unplanting
from canaries.plant.planters import PlantingRequest, State
from canaries.plant.planters.sign_up import SignUpPlanter
from tests.every import every

Ask = Callable[..., PlantingRequest]
ADD = "import json,sys,pathlib; p=pathlib.Path(sys.argv[1]); p.write_text(json.dumps({sys.argv[2]: sys.stdin.read()}))"
HAS = "import sys,pathlib; p=pathlib.Path(sys.argv[1]); sys.exit(not p.is_file() or sys.argv[2] not in p.read_text())"
DROP = "import sys,pathlib; pathlib.Path(sys.argv[1]).unlink()"


def command(code: str, *more: str, stdin: str = "") -> str:
    return f"command = {json.dumps([sys.executable, '-c', code, *more])}\nstdin = {json.dumps(stdin)}\n"


def prepare(folder: Path) -> str:
    """A recipe of commands, over a file of accounts."""
    accounts = str(folder / "accounts.json")
    path = folder / "shop.signup.toml"
    path.write_text(
        f"[[step]]\n{command(ADD, accounts, '{email}', stdin='{password}')}"
        f"[[check]]\n{command(HAS, accounts, '{email}')}[[remove]]\n{command(DROP, accounts)}"
    )
    return str(path)


@pytest.fixture(scope="module")
def application() -> Iterator[tuple[str, dict[str, str]]]:
    """(URL, accounts) of an application with a form that wants its token back, and an API for its operator."""
    app, accounts = Flask("shop"), dict[str, str]()
    app.secret_key = "of this test"

    @app.get("/join")
    def form() -> str:
        session["token"] = secrets.token_hex(8)
        return f'<input type="hidden" name="csrf" value="{session["token"]}">'

    @app.post("/join")
    def join() -> Any:
        if request.form["csrf"] != session.get("token"):
            return Response("no token", 403)
        accounts[request.form["mail"]] = request.form["secret"]
        return redirect("/welcome")

    @app.route("/api/accounts/<mail>", methods=["GET", "DELETE"])
    def account(mail: str) -> Any:
        if request.headers.get("Authorization") != "Bearer of the operator":
            return Response("no", 401)
        if mail not in accounts:
            return Response("no", 404)
        if request.method == "DELETE":
            del accounts[mail]
        return Response("yes", 200)

    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", accounts
    server.shutdown()
    thread.join()
    server.server_close()


def recipe(folder: Path, url: str, secret: str = "{password}") -> Path:
    auth = 'headers = { Authorization = "Bearer {env:SHOP_TOKEN}" }'
    path = folder / "shop.signup.toml"
    path.write_text(f"""
[[step]]
url = "{url}/join"
take = {{ token = 'name="csrf" value="([^"]+)"' }}
[[step]]
url = "{url}/join"
form = {{ mail = "{{email}}", secret = "{secret}", csrf = "{{token}}" }}
expect = [302]
[[check]]
url = "{url}/api/accounts/{{email}}"
{auth}
[[remove]]
method = "DELETE"
url = "{url}/api/accounts/{{email}}"
{auth}
""")
    return path


def test_from_sign_up_to_removal(
    home: Home, tmp_path: Path, application: tuple[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, accounts = application
    accounts.clear()
    monkeypatch.setenv("SHOP_TOKEN", "of the operator")
    planted = newcomers.plant_new(home, "user", str(recipe(tmp_path, url)), memo="a customer who is nobody")
    email = planted.bait.row["email"]
    assert list(accounts) == [email]
    assert accounts[email] != planted.bait.row["password"]
    assert len(accounts[email]) >= 32
    said = json.dumps([planted.plan.steps, planted.plan.target, [item.as_dict() for item in planted.items]])
    assert email not in said
    assert planted.plan.target == url

    def state() -> State:
        placements.check(home)
        return next(one.state for one in placements.listing(home) if one.id == planted.placement)

    assert state() is State.THERE
    monkeypatch.delenv("SHOP_TOKEN")
    assert SignUpPlanter().look(planted.items[0])[0] is State.UNREACHABLE
    monkeypatch.setenv("SHOP_TOKEN", "of the operator")
    unplanting.unplant(home, planted.placement)
    assert accounts == {}
    assert state() is State.REMOVED


def test_the_bait_s_own_password_is_said(
    tmp_path: Path, application: tuple[str, dict[str, str]], bait: Bait, ask: Ask
) -> None:
    url, accounts = application
    plan = SignUpPlanter().plan(ask(bait, recipe(tmp_path, url, "{bait_password}")))
    assert any("opens this account" in one for one in plan.warnings)
    plan.put()
    assert accounts[bait.row["email"]] == bait.row["password"]


def test_what_the_application_refuses_plants_nothing(
    home: Home, tmp_path: Path, application: tuple[str, dict[str, str]]
) -> None:
    url, accounts = application
    accounts.clear()
    path = recipe(tmp_path, url)
    path.write_text(path.read_text().replace("{token}", "wrong"))
    with pytest.raises(PlantError, match="step 2: the application answered 403"):
        newcomers.plant_new(home, "user", str(path))
    assert list(placements.listing(home)) == []
    path.write_text(path.read_text().replace("(", "(x"))
    with pytest.raises(PlantError, match="finds nothing in the answer"):
        newcomers.plant_new(home, "user", str(path))
    assert accounts == {}


@every("words", ["{nobody}", "{url}/{nobody}"])
def test_a_name_that_the_bait_does_not_have(words: str, tmp_path: Path, bait: Bait, ask: Ask) -> None:
    path = tmp_path / "x.signup.toml"
    path.write_text(f'[[step]]\nurl = "https://app.example/"\nform = {{ x = "{words}" }}\n')
    with pytest.raises(PlantError, match="which this bait does not have"):
        SignUpPlanter().plan(ask(bait, path))


def test_a_bait_that_is_nobody(tmp_path: Path, file_bait: Bait, ask: Ask) -> None:
    with pytest.raises(PlantError, match="nobody who could sign up"):
        SignUpPlanter().plan(ask(file_bait, prepare(tmp_path)))


def test_without_a_way_back_it_says_so(tmp_path: Path, bait: Bait, ask: Ask) -> None:
    path = Path(prepare(tmp_path))
    path.write_text(path.read_text().partition("[[check]]")[0])
    plan = SignUpPlanter().plan(ask(bait, path))
    assert [one.partition("]]")[0] for one in plan.warnings] == [
        "the recipe has no [[check",
        "the recipe has no [[remove",
    ]
    done = plan.put()
    assert SignUpPlanter().look(done.items[0]) == (State.UNREACHABLE, "the recipe has no [[check]]")
    with pytest.raises(PlantError, match="stays"):
        done.undo()
