"""Clients that wait to be asked are asked, hand over what they have, and are turned away."""

from __future__ import annotations

import base64
import os
import subprocess
from pathlib import Path

import pytest

from tests import hooks, steady
from tests.programs import needs

SHAPES = {
    "git": [
        ("GET", f"/{d}.git/info/refs?service=git-upload-pack", {"authorization": hooks.basic("a:b")})
        for d in "ab"
    ],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

PAIR = base64.b64encode(b"ann:secret").decode()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/team/app.git/info/refs?service=git-upload-pack"),
        ("GET", "/.git/config"),
        ("GET", "/svn/trunk"),
        ("PROPFIND", "/x"),
        ("OPTIONS", "/"),
    ],
)
def test_asked_once_then_turned_away(ask, method: str, path: str) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask(method, path)
    assert (name, answer.status) == ("challenge", 401)
    assert dict(answer.headers)["WWW-Authenticate"].startswith('Basic realm="')
    assert ask(method, path, authorization=f"Basic {PAIR}")[1].status == 404


def test_other_paths_are_not_asked(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("GET", "/gitlab/readme")[0] == "page"
    assert ask("OPTIONS", "*")[0] == "page"


def test_a_browser_s_preflight_is_not_asked(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("OPTIONS", "/x", **{"access-control-request-method": "POST"})[0] == "page"


def test_every_installation_has_its_own_realm(ask) -> None:  # type: ignore[no-untyped-def]
    asked = {
        dict(ask("GET", "/svn/trunk", key=bytes([n]) * 32)[1].headers)["WWW-Authenticate"] for n in range(20)
    }
    assert len(asked) == 20


@needs("git")
def test_git_shows_the_password_of_its_url(stand_in: str, tmp_path: Path) -> None:
    url = stand_in.replace("http://", "http://ann:s3cret@") + "/q7f3k29xk2m5v8w1z4y6c/team/app.git"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CURL_VERBOSE": "1",
        "GIT_TRACE_REDACT": "0",
    }
    done = subprocess.run(
        ["git", "ls-remote", url],
        env=environment,
        capture_output=True,
        text=True,
        timeout=steady.PATIENCE,
        check=False,
    )
    assert f"Authorization: Basic {base64.b64encode(b'ann:s3cret').decode()}" in done.stderr
    assert "not found" in done.stderr
