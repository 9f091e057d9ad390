"""The three walks of docs/walks.md, word for word as one shell session; Slack is a local receiver of its shape."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from tests import steady
from tests.programs import require
from tests.slack import Slack
from tests.test_docs import page, until

pytestmark = pytest.mark.rehearsal

_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_TIMED = re.compile(r"^stopwatch ([\d.]+) (.+)\n", re.MULTILINE)
_BLOCK = re.compile(r"<!-- walk(: second terminal)? -->\n```sh\n(.*?)```", re.DOTALL)
CANARIES = 3


def stopwatch(said: str) -> str:
    """Seconds that the commands of each part of the page took, for `make walks`; nothing is asserted of them."""
    marks = [(float(at), title) for at, title in _TIMED.findall(said)]
    taken: dict[str, float] = {}
    for (start, title), (end, _) in pairwise([*marks, (time.time(), "")]):
        taken[title] = taken.get(title, 0) + end - start
    return "\n".join(f"{seconds:6.1f} s  {title}" for title, seconds in taken.items())


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """What the session printed, and what Slack was told."""
    require("bash", "curl", "git")
    folder, slack = tmp_path_factory.mktemp("walks"), Slack()
    (folder / ".venv").symlink_to(sys.prefix)
    script = ["set -eu", "trap 'kill $(jobs -p); wait' EXIT"]
    _, *parts = _SECTION.split(page("docs/walks.md"))
    blocks = [
        (title, *found)
        for title, text in zip(parts[::2], parts[1::2], strict=True)
        for found in _BLOCK.findall(text)
    ]
    for title, aside, block in blocks:
        script += [f'echo "stopwatch $(date +%s.%N) {title}"']
        if aside:
            script += [f"( exec {block.strip()} ) > listen.log 2>&1 &", until("grep -q http listen.log")]
            continue
        if "trapline hits\n" in block:
            script += [until(f"trapline hits --json | grep -c . | grep -qx {CANARIES}")]
            script += [until("trapline alerts status | grep -A1 '^ops' | grep -q 'last delivered'")]
        script += [block]
    spoken = "\n".join(script).replace("127.0.0.1:8080", f"127.0.0.1:{steady.free_port()}")
    spoken = slack.instead_of_real(spoken)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRAPLINE_")}
    done = subprocess.run(
        ["bash", "-c", spoken],
        cwd=folder,
        env=environment | {"HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=5 * steady.PATIENCE,
        check=False,
    )
    log = folder / "listen.log"
    assert done.returncode == 0, done.stdout + done.stderr + (log.read_text() if log.is_file() else "")
    print("\n" + stopwatch(done.stdout))
    yield _TIMED.sub("", done.stdout), slack.messages
    slack.close()


def test_each_thief_is_seen(walked: tuple[str, list[dict[str, Any]]]) -> None:
    said, _ = walked
    for used in ("github-token secret", "user path", "aws-key access_key_id"):
        assert re.search(rf"^20\d\d-\S+ \S+Z +(MEDIUM|HIGH|CRITICAL|LOW) +{used}", said, re.MULTILINE), said


def test_the_first_is_told_in_slack_in_place_and_memo(walked: tuple[str, list[dict[str, Any]]]) -> None:
    _, messages = walked
    tried, told = messages[:2]
    assert "test" in json.dumps(tried).lower()
    assert told["text"] == "HIGH: github token used (shop repository)"
    assert "Where it lay: " in json.dumps(told)
    assert "Next: trapline incident " in json.dumps(told)


def test_the_dump_names_its_canary(walked: tuple[str, list[dict[str, Any]]]) -> None:
    said, _ = walked
    assert "dump.sql" in said


def test_the_stopwatch_adds_up_the_parts_of_a_page() -> None:
    said = "stopwatch 100.0 one\nwords\nstopwatch 101.5 two\nstopwatch 102.0 one\nstopwatch 104.0 two\n"
    lines = stopwatch(said).splitlines()
    assert lines[0] == "   3.5 s  one"
    assert lines[1].endswith("two")
