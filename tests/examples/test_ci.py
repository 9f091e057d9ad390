"""The jobs of GitHub and GitLab: valid by their schemas, and their steps do what they say against a real server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from canaries.installation.home import Home
from canaries.mint import catalogue
from canaries.mint.minting import mint
from canaries.scan import known
from tests import steady
from tests.accounts import token
from tests.house import ROOT
from tests.programs import needs

CI = ROOT / "examples/ci"
INDEX_TOKEN = "of-the-store"  # not a secret: of this test's own server
pytestmark = [pytest.mark.rehearsal, needs("bash", "curl", "git")]


def loaded(name: str) -> Any:
    return yaml.safe_load((CI / name).read_text("utf-8"))


def github(name: str, values: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The script and environment of each step that is run here; expressions are filled in, unknown ones are errors."""

    def filled(text: str) -> str:
        return re.sub(r"\$\{\{ *([\w.]+) *\}\}", lambda found: values[found[1]], text)

    (job,) = loaded(name)["jobs"].values()
    for step in job["steps"]:
        if "run" in step and step["name"] != "Install Trapline":
            assert "${{" not in step["run"], "an expression in a script runs whatever it holds"
            yield step["run"], {key: filled(text) for key, text in step.get("env", {}).items()}


def run(script: str, folder: Path, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """As both systems run a step."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "TRAPLINE_HOME": str(folder / "none"),
        **variables,
    }
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def store(home: Home) -> Iterator[str]:
    """Where a team keeps the index: an address that wants a token."""
    content = known.for_somebody_else(home, steady.key("ci")).dump()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = (self.headers["Authorization"], self.headers["PRIVATE-TOKEN"])
            known_token = said in ((f"Bearer {INDEX_TOKEN}", None), (None, INDEX_TOKEN))
            self.send_response(200 if known_token else 403)
            self.end_headers()
            if known_token:
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/trapline.index"
        server.shutdown()
        thread.join()


def test_the_files_are_valid() -> None:
    """By the schemas that check-jsonschema brings: SchemaStore's for GitHub, GitLab's own."""
    # a second of imports: only who runs this test has them
    from check_jsonschema.builtin_schemas import get_builtin_schema
    from jsonschema.validators import validator_for

    for kind, names in (
        ("github-workflows", ["github/plant-bait.yml", "github/scan-artefacts.yml"]),
        ("gitlab-ci", ["gitlab/.gitlab-ci.yml"]),
    ):
        schema = get_builtin_schema(f"vendor.{kind}")
        validator = validator_for(schema)(schema)
        for name in names:
            document = {str(key): value for key, value in loaded(name).items()}  # YAML 1.1 reads "on" as true
            document = {"on" if key == "True" else key: value for key, value in document.items()}
            assert not [error.message for error in validator.iter_errors(document)], name
            assert list(validator.iter_errors({**document, "jobs": 3, "scan artefacts": 3})), (
                "it finds errors"
            )


def test_each_release_has_bait_of_its_own(home: Home, served: str, tmp_path: Path) -> None:
    secret = token(home, "ci", "planter", "canaries:mint")
    values = {
        "vars.TRAPLINE_SERVER": served,
        "secrets.TRAPLINE_TOKEN": secret,
        "github.ref_name": "v1.2",
        "github.repository": "team/shop",
    }
    ((script, variables),) = github("github/plant-bait.yml", values)
    assert loaded("gitlab/.gitlab-ci.yml")["plant bait"]["script"] == [script], "both do the same"
    done = run(script, tmp_path, variables)
    assert done.returncode == 0, done.stderr
    bait = (tmp_path / "dist/deploy/.aws/credentials").read_text()
    key = bait.partition("aws_secret_access_key = ")[2].split()[0]
    assert len(key) == 40
    assert key not in done.stdout + done.stderr
    assert secret not in done.stdout + done.stderr
    (one,) = catalogue.listing(home)
    assert (one.memo, bool(one.expires_at)) == ("release v1.2 of team/shop", True)


def test_what_is_published_holds_no_canary(
    home: Home, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    bait = next(mint(home, "github-token")).bait.text
    url = request.getfixturevalue("store")
    values = {"vars.TRAPLINE_INDEX_URL": url, "secrets.TRAPLINE_INDEX_TOKEN": INDEX_TOKEN}
    github_steps = list(github("github/scan-artefacts.yml", values))
    gitlab_steps = [
        (line, {"INDEX_URL": url, "INDEX_TOKEN": INDEX_TOKEN})
        for line in loaded("gitlab/.gitlab-ci.yml")["scan artefacts"]["script"]
    ]
    (_, misplaced, built) = github_steps
    assert gitlab_steps[1:] == [(step, gitlab_steps[0][1]) for step, _ in (misplaced, built)], "the same"
    dist = tmp_path / "dist"
    dist.mkdir()
    for file in (dist / "app.env", tmp_path / "name with blanks.env"):
        file.write_text("PORT=80\n")
    assert (
        run("git init --quiet . && echo dist >> .git/info/exclude && git add .", tmp_path, {}).returncode == 0
    )
    for script, variables in (gitlab_steps[0], *github_steps):
        done = run(script, tmp_path, variables)
        assert done.returncode == 0, done.stderr
        assert INDEX_TOKEN not in done.stdout + done.stderr
    for file, step in ((dist / "app.env", built), (tmp_path / "name with blanks.env", misplaced)):
        file.write_text(f"PORT=80\n{bait}")
        refused = run(step[0], tmp_path, {})
        assert refused.returncode != 0
        assert f"{file.name}:2: canary" in refused.stdout
