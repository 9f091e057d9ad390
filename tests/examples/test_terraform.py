"""The external data source: the configuration names it as it is, and it keeps to Terraform's protocol."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import hcl2

from canaries.installation.home import Home
from canaries.mint import catalogue
from tests.accounts import token
from tests.house import ROOT

FOLDER = ROOT / "examples/terraform"


def text(value: object) -> str:
    """A string of HCL, whose reader may leave its quotes on."""
    return str(value).strip('"')


def test_one_canary_a_name_plan_after_plan(home: Home, served: str) -> None:
    with (FOLDER / "main.tf").open(encoding="utf-8") as file:
        found = hcl2.load(file)
    (block,) = found["data"]
    ((_, named),) = ((name, value) for name, value in block.items() if text(name) == "external")
    ((_, source),) = ((name, value) for name, value in named.items() if text(name) == "legacy_database")
    program = [text(word).replace("${path.module}", str(FOLDER)) for word in source["program"]]
    assert program[0] == "python3"
    query = {text(name): text(value) for name, value in source["query"].items()} | {"server": served}
    scopes = ("canaries:mint", "canaries:read", "canaries:reveal")
    environment = {**os.environ, "TRAPLINE_TOKEN": token(home, "terraform", "planter", *scopes)}

    def plan(**changed: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *program[1:]],
            input=json.dumps(query | changed),
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    first, second = plan(), plan()
    assert first.returncode == 0, first.stderr
    result = json.loads(first.stdout)
    assert all(isinstance(value, str) for value in result.values())
    assert result["text"].startswith("DATABASE_URL=postgresql://")
    assert json.loads(second.stdout) == result
    (one,) = catalogue.listing(home)
    assert (one.id, one.memo) == (result["id"], "parameter legacy-db of the shop")
    refused = plan(kind="no-such-kind")
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert refused.stderr
