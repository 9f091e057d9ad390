"""Hits for people: 80 columns, one severity everywhere, colours on terminals alone."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.commands._hit_lines import heading, two_lines
from listener.console.listing import row
from listener.incidents import queries
from listener.incidents.hit_briefing import severity_of
from listener.incidents.queries import Hit

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def hit(home: Home, strike: Callable[..., str], kind: str = "url", **how: str) -> Hit:
    strike(home, next(iter(mint(home, kind))).canary, **how)
    return list(queries.hits(home))[-1]


@pytest.mark.parametrize("zone", ["", "Europe/Paris", "Pacific/Kiritimati", "no/where"])
@pytest.mark.parametrize("kind", ["url", "openai-key", "github-token"])
def test_no_line_is_wider_than_the_terminal(
    home: Home, strike: Callable[..., str], zone: str, kind: str
) -> None:
    told = two_lines(hit(home, strike, kind, agent="x" * 500, ip="2001:db8:1:2:3:4:5:6"), zone, 80)
    lines = ANSI.sub("", f"{heading(zone)}\n{told}").splitlines()
    assert len(lines) == 4
    assert all(len(line) <= 80 for line in lines)
    severity = severity_of(list(queries.hits(home))[-1]).upper()
    assert lines[0].index("SEVERITY") == lines[2].index(severity)


def test_local_time_stands_beside_utc(home: Home, strike: Callable[..., str]) -> None:
    seen = hit(home, strike, at="2026-11-22T23:30:00.000000Z")
    assert "2026-11-22 23:30:00Z  00:30+1" in two_lines(seen, "Europe/Paris")
    assert "LOCAL" in heading("Europe/Paris")
    assert "LOCAL" not in heading()


def test_list_and_console_say_the_same_severity(home: Home, strike: Callable[..., str]) -> None:
    for kind in ("url", "openai-key"):
        seen = hit(home, strike, kind)
        word = severity_of(seen).upper()
        assert word in two_lines(seen)
        assert row(seen, "")["looks"].startswith(word)


def test_colours_are_for_terminals(home: Home, strike: Callable[..., str]) -> None:
    hit(home, strike)
    command = [sys.executable, "-m", "listener", "--home", str(home.path), "hits"]
    piped = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "\x1b" not in piped.stdout
    main, side = pty.openpty()
    with os.fdopen(main, "rb", 0) as screen:
        subprocess.run(command, stdout=side, stderr=subprocess.DEVNULL, check=True)
        os.close(side)
        assert b"\x1b[1mTIME" in screen.read(65_536)
