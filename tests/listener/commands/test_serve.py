"""The story of a team: mint by token on a machine without a home, fire, see the hit as an analyst. Real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from canaries.client.api_client import ApiClient, RefusedByServerError
from canaries.installation.home import Home
from listener.cli import trapline
from tests import steady
from tests.accounts import token


def run(*arguments: str, **variables: str) -> Result:
    """A command of somebody without a home."""
    environment = {"TRAPLINE_HOME": "/nowhere", **variables}
    return CliRunner(env=environment).invoke(trapline, arguments, catch_exceptions=False)


def test_mint_without_a_home_fire_and_see_it(tmp_path: Path, listen: Callable[..., Any]) -> None:
    home = Home.create(tmp_path / "home", "")
    listening = listen(home)
    planter, analyst = token(home, "pat", "planter"), token(home, "ann", "analyst")
    ready = tmp_path / "ready.json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRAPLINE_")}
    command = [
        sys.executable,
        "-m",
        "listener",
        "--home",
        str(home.path),
        "serve",
        "--ready-file",
        str(ready),
    ]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        steady.until(ready.exists)
        server = json.loads(ready.read_text())["api"][0]
        out = tmp_path / "out"
        made = run(
            "mint", "url", "--memo", "by a developer", "--json", "--server", server, TRAPLINE_TOKEN=planter
        )
        assert made.exit_code == 0, made.stderr
        bait = json.loads(made.stdout)
        host, port = listening.http
        path = next(one["value"] for one in bait["tokens"] if one["facet"] == "path")
        subprocess.run(["curl", "-s", "-o", os.devnull, f"http://{host}:{port}/{path}/"], check=True)
        with ApiClient(server, analyst) as seeing:
            steady.until(lambda: list(seeing.hits(canary=bait["id"])))
            hit = next(seeing.hits(canary=bait["id"]))
            assert (hit.canary, hit.kind, hit.ip) == (bait["id"], "url", "127.0.0.1")
            steady.until(lambda: list(seeing.incidents()))
            assert seeing.note(hit.incident, "that was me")
        with ApiClient(server, planter) as blind, pytest.raises(RefusedByServerError) as refused:
            list(blind.hits())
        assert refused.value.status_code == 403
        (tmp_path / "token").write_text(planter)
        listed = run("list", "--json", TRAPLINE_SERVER=server, TRAPLINE_TOKEN_FILE=str(tmp_path / "token"))
        assert json.loads(listed.stdout)["memo"] == "by a developer"
        assert not out.exists()
        process.send_signal(signal.SIGTERM)
        said, err = process.communicate(timeout=steady.PATIENCE)
        assert process.returncode == 0, err
    finally:
        process.kill()
        process.communicate()
    assert "Traceback" not in err
    assert not [secret for secret in (planter, analyst) if secret in said + err]
