"""docs/one-datum.md is true: a key that is minted, planted, used and proved passes its steps in its order."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence

import pytest
import requests

from tests import steady
from tests.house import ROOT

PAGE = (ROOT / "docs" / "one-datum.md").read_text("utf-8")
STEPS = re.findall(r"^\d+\. `([\w/]+\.py)` `(\w+)`", PAGE, re.MULTILINE)
TRACER = """
import ast, importlib.machinery, os, time

STEPS = {steps!r}
FIRST = set()
plain = importlib.machinery.SourceFileLoader.get_code

def reached(step):
    if step not in FIRST:
        FIRST.add(step)
        with open({log!r}, "a") as log:
            log.write("%d %d %d\\n" % (time.clock_gettime_ns(time.CLOCK_MONOTONIC), step, os.getpid()))

def get_code(loader, module):
    steps = {{name: step for step, (file, name) in enumerate(STEPS) if loader.path.endswith("/" + file)}}
    if not steps:
        return plain(loader, module)
    tree = ast.parse(loader.get_data(loader.path))
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name in steps:
            told = "__import__('sitecustomize').reached(%d)" % steps[node.name]
            node.body.insert(1 if ast.get_docstring(node) else 0, ast.parse(told).body[0])
    return compile(ast.fix_missing_locations(tree), loader.path, "exec")

importlib.machinery.SourceFileLoader.get_code = get_code
"""
"""Loaded into each process by Python's own ``sitecustomize``: each step's function then says when it is reached."""
ONE_PROCESS = """
import json, sys
from listener.cli import main

for words in json.loads(sys.argv[1]):
    print(end="\\0")
    sys.argv[1:] = words
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
"""
"""Runs the command lines of its argument, each output behind a NUL: a start takes longer than what is started."""


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, int]]:
    """Which step was first reached when, by which process: (step, process id), in order of time."""
    folder = tmp_path_factory.mktemp("datum")
    log, tracer = folder / "steps.log", folder / "tracer"
    tracer.mkdir()
    log.touch(0o666)
    (tracer / "sitecustomize.py").write_text(TRACER.format(steps=STEPS, log=str(log)))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRAPLINE_")}
    environment = {
        **kept,
        "PYTHONPATH": f"{tracer}{os.pathsep}{ROOT}",
        "TRAPLINE_HOME": str(folder / "home"),
        "TRAPLINE_TRAPS_HTTP_BIND": "127.0.0.1:0",
    }

    def trapline(*commands: Sequence[str]) -> str:
        """Several, one after the other in one process; what the last one writes."""
        command = [sys.executable, "-c", ONE_PROCESS, json.dumps(commands)]
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=steady.PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.rpartition("\0")[2]

    minted = json.loads(trapline(["init"], ["mint", "github-token", "--json"]))
    (folder / "release").mkdir()
    trapline(["plant", minted["id"], str(folder / "release" / ".env")])
    ready = folder / "ready.json"
    listening = subprocess.Popen(
        [sys.executable, "-m", "listener", "listen", "--ready-file", str(ready)],
        cwd=folder,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        steady.until(ready.is_file)
        address = json.loads(ready.read_text())["http"][0]
        path = re.search(r"https?://[^/\s]+(/\S+)", minted["text"])
        assert path
        answer = requests.get(
            f"http://{address}{path[1]}/user",
            headers={"Authorization": f"token {minted['tokens'][0]['value']}"},
            timeout=steady.PATIENCE,
        )
        assert answer.status_code == 200
        alerts = folder / "home" / "alerts.ndjson"
        steady.until(lambda: alerts.is_file() and minted["id"] in alerts.read_text())
    finally:
        listening.terminate()
        listening.wait(steady.PATIENCE)
    case = str(folder / "case.zip")
    build = ["dossier", "build", "--canary", minted["id"], "--out", case, "--reason", "a test"]
    trapline(["hits", "--json"], build, ["dossier", "verify", case])
    rows = [[int(word) for word in line.split()] for line in log.read_text().splitlines()]
    first: dict[int, tuple[int, int]] = {}
    for _, step, process in sorted(rows):
        first.setdefault(step, (step, process))
    return list(first.values())


def test_each_step_is_reached_in_the_order_of_the_page(passed: list[tuple[int, int]]) -> None:
    assert len(STEPS) > 15
    assert [STEPS[step] for step, _ in passed] == STEPS


def test_the_front_and_the_back_are_two_processes(passed: list[tuple[int, int]]) -> None:
    where = {STEPS[step][0].split("/")[1]: process for step, process in passed}
    assert where["net"] == where["journal"] == where["personas"]
    assert where["ingest"] == where["facts"] == where["notify"]
    assert where["net"] != where["ingest"]


def test_each_step_is_one_file(passed: list[tuple[int, int]]) -> None:
    files = [file for file, _ in STEPS]
    assert len(set(files)) == len(files) == len(passed)
    assert PAGE.count("\n1. ") == 1
