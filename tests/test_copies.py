"""The walk of docs/copies.md, its commands word for word, in this process."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from listener import cli
from tests.test_docs import page

_BLOCK = re.compile(r"<!-- copies walk -->\n```sh\n(.*?)```", re.DOTALL)
_STEP = re.compile(r"python3 - <<'END'\n(.*?)\nEND$|^(trapline [^\n]*)$", re.DOTALL | re.MULTILINE)


def test_a_stranger_follows_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRAPLINE_HOME", str(tmp_path / "home"))
    said, commands = "", 0
    for block in _BLOCK.findall(page("docs/copies.md")):
        for program, line in _STEP.findall(block):
            if program:
                subprocess.run([sys.executable, "-c", program], check=True)
                continue
            done = CliRunner().invoke(
                cli.trapline, shlex.split(line)[1:], standalone_mode=False, catch_exceptions=False
            )
            assert (done.return_value or 0) == (1 if " scan " in line else 0), done.output
            said, commands = done.stdout, commands + 1
    assert commands == 6
    assert "autumn list: the copy of Partner C" in said
    assert "at most" in said
