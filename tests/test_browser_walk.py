"""The README's walk through the console: its blocks run, and what is in italics is pressed in Chromium, in order."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import steady
from tests.chromium import by, copied, opened, press_called, said, until
from tests.programs import require
from tests.slack import Slack
from tests.test_docs import ROOT, page

pytestmark = pytest.mark.rehearsal

_SECTION = re.compile(r"^## The same in the browser.*?(?=^## )", re.DOTALL | re.MULTILINE)
_BLOCK = re.compile(r"<!-- browser walk: (.*?) -->\n```sh\n(.*?)```", re.DOTALL)
_STEP = re.compile(r"^\d\. (.*(?:\n   .*)*)", re.MULTILINE)
_DEED = re.compile(r"\*([^*]+)\*|\"([^\"]+)\"")
_UNPACKED = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist", "tests", "benchmarks")


@dataclass(frozen=True)
class Walked:
    """What is there to see when the walk is over."""

    printed: str
    told: list[dict[str, Any]]
    """What Slack got, oldest first."""
    rows: list[str]
    """The console's hits, as they appeared by themselves."""
    incidents: str


@contextmanager
def terminal(clone: Path, environment: dict[str, str], command: str) -> Iterator[Path]:
    """One more terminal in which a program runs until the walk is over; yields what it prints."""
    log = clone.parent / f"{command.split()[-1]}.log"
    with log.open("wb") as out:
        running = subprocess.Popen(
            ["bash", "-c", f"exec {command.strip()}"], cwd=clone, env=environment, stdout=out, stderr=out
        )
        try:
            steady.until(lambda: "http" in log.read_text(), log.read_text)
            yield log
        finally:
            running.terminate()
            running.wait(steady.PATIENCE)


def typed(clone: Path, environment: dict[str, str], words: str) -> str:
    """What the first terminal says to these lines; none of them may fail."""
    done = subprocess.run(
        ["bash", "-euc", words],
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
        timeout=5 * steady.PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    require("bash", "curl")
    folder, slack = tmp_path_factory.mktemp("browser-walk"), Slack()
    clone = folder / "clone"
    shutil.copytree(ROOT, clone, ignore=_UNPACKED)
    [section] = _SECTION.findall(page("README.md"))
    section = section.replace("127.0.0.1:8080", f"127.0.0.1:{steady.free_port()}")
    blocks = dict(_BLOCK.findall(slack.instead_of_real(section)))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRAPLINE_")}
    environment |= {"HOME": str(folder), "PATH": f"{sys.base_exec_prefix}/bin:{os.environ['PATH']}"}
    began = time.monotonic()
    printed = typed(clone, environment, blocks["first terminal"])
    environment["PATH"] = f"{clone}/trial/bin:{environment['PATH']}"
    with (
        terminal(clone, environment, blocks["second terminal"]),
        terminal(clone, environment, blocks["third terminal"]) as log,
        opened(tmp_path_factory.mktemp("downloads")) as browser,
    ):
        [link] = re.findall(r"http://\S+/enter/\S+", log.read_text())
        browser.get(link)
        command = ""
        for pressed, written in _DEED.findall("\n".join(_STEP.findall(section))):
            if written:
                said(browser, "#memo", written)
            elif pressed == "Copy the command":
                command = copied(browser, "button[data-copy='#command']")
            else:
                press_called(browser, pressed)
        [said_to_plant] = re.findall("^trapline plant ID .*$", blocks["paste"], re.MULTILINE)
        plant = command.replace("/path/to/.env", said_to_plant.split()[-1])
        press_called(browser, "Hits")
        until(lambda: by(browser, "#live[data-state=live]"))
        printed += typed(clone, environment, blocks["paste"].replace(said_to_plant, plant))
        rows = until(lambda: [row.text for row in by(browser, "tr[id^=hit-]")])
        press_called(browser, "Incidents")
        incidents = until(lambda: by(browser, "main"))[0].text
        steady.until(lambda: len(slack.messages) > 1)
    print(f"\n{time.monotonic() - began:6.1f} s  from pip install to the alert")
    yield Walked(printed, slack.messages, rows, incidents)
    slack.close()


def test_slack_says_what_the_readme_promises(walked: Walked) -> None:
    tried, told = walked.told
    assert "test" in json.dumps(tried).lower()
    assert f'Slack says "{told["text"]}"' in page("README.md")
    assert re.search(r"Where it lay: \S+/shop/\.env\b", json.dumps(told))


def test_the_thief_saw_an_account(walked: Walked) -> None:
    assert '"login"' in walked.printed


def test_the_console_shows_the_hit_by_itself_and_its_incident(walked: Walked) -> None:
    [row] = walked.rows
    assert "shop: deployment settings" in row
    assert "127.0.0.1" in row
    assert "shop: deployment settings" in walked.incidents
