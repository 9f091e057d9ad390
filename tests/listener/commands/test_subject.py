"""`trapline subject`, as an operator types it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner

from canaries.installation.home import Home
from canaries.mint import minting
from listener import cli


def test_the_file_is_written_and_named_with_its_hash(
    home: Home, strike: Callable[..., str], tmp_path: Path
) -> None:
    (minted,) = minting.mint(home, "url")
    strike(home, minted.canary, ip="203.0.113.7")
    out = tmp_path / "about.txt"
    words = ["--home", str(home.path), "subject", "--address", "203.0.113.7", "--reason", "a request"]
    done = CliRunner().invoke(cli.trapline, [*words, "--out", str(out), "--json"], catch_exceptions=False)
    told = json.loads(done.output)
    assert told["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert told["entries"] == 2  # the hit, and what was derived from it
    again = CliRunner().invoke(
        cli.trapline, [*words, "--out", str(tmp_path / "2.txt")], catch_exceptions=False
    )
    assert "3 entries and records. Read it before it goes out" in again.output
