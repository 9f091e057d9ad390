"""A child's reports: one line each, and never a reason to wait."""

from __future__ import annotations

import json
import subprocess
import sys

from tests import steady

REPORTS = """
from listener.runtime import child_reports
child_reports.begin()
for number in range({}):
    child_reports.report("ready", number=number)
"""


def test_each_is_a_line() -> None:
    done = subprocess.run(
        [sys.executable, "-c", REPORTS.format(3)],
        capture_output=True,
        text=True,
        timeout=steady.PATIENCE,
        check=True,
    )
    assert [json.loads(line)["number"] for line in done.stdout.splitlines()] == [0, 1, 2]


def test_nobody_who_reads_holds_up_nobody() -> None:
    """More than any pipe holds: the child ends all the same."""
    with subprocess.Popen([sys.executable, "-c", REPORTS.format(50_000)], stdout=subprocess.PIPE) as process:
        assert process.wait(steady.PATIENCE) == 0
