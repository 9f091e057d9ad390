"""The wrapper: run by a real shell, with a getent that remembers; the real command is neither slower nor different."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from canaries.core.model import Bait
from canaries.kinds.sensitive_command import SensitiveCommandOptions
from tests import steady

Mint = Callable[..., Bait]


def test_it_looks_its_name_up_and_runs_the_real_command(mint: Mint, tmp_path: Path) -> None:
    program = tmp_path / "real"
    program.write_text('#!/bin/sh\nprintf "%s|" "$0" "$@"\ncat\nexit 7\n')
    program.chmod(0o755)
    asked = tmp_path / "asked"
    getent = tmp_path / "getent"
    getent.write_text(f'#!/bin/sh\nsleep 1\necho "$@" > {asked}.draft\nmv {asked}.draft {asked}\n')
    getent.chmod(0o755)
    bait = mint("sensitive-command", {"command": "mysqldump", "program": str(program)})
    wrapper = tmp_path / bait.files[0].path
    assert wrapper.name == "mysqldump"
    wrapper.write_bytes(bait.files[0].content)
    wrapper.chmod(0o755)
    done = subprocess.run(
        [wrapper, "--all", "two words", "$HOME"], input="stdin", capture_output=True, text=True,
        timeout=steady.PATIENCE,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"}, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr, done.returncode) == (f"{program}|--all|two words|$HOME|stdin", "", 7)
    assert not asked.exists(), "the command does not wait for the look-up"
    steady.until(asked.exists)
    assert asked.read_text() == f"hosts {bait.tokens[0].value}.\n"


def test_where_the_real_program_lies_by_default(mint: Mint) -> None:
    assert "exec /usr/bin/nmap " in mint("sensitive-command", {"command": "nmap"}).text


@pytest.mark.parametrize(
    "options",
    [{"command": "a b"}, {"command": "../x"}, {"command": ""}, {"command": "-x"}, {"program": "nmap"},
     {"program": "/bin/a;b"}, {"program": "/bin/a b"}, {"program": "/bin/$(id)"}],
)  # fmt: skip
def test_what_would_break_the_script_is_refused(options: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"command|program"):
        SensitiveCommandOptions(**options)
