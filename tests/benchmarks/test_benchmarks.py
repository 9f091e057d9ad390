"""Each benchmark runs, in a tiny form, and says what its figures are compared with. What they are, is not tested."""

from __future__ import annotations

import importlib
import math
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import names
from benchmarks._report import Report
from tests import steady

pytestmark = pytest.mark.rehearsal

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("name", names())
def test_it_finds_a_ratio(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)  # its processes are started as modules of the checkout
    report = Report()
    importlib.import_module(f"benchmarks.{name}").run(report, 0.003)
    ratios = [row for row in report.rows if row.unit == "x"]
    assert ratios
    assert all(" / " in row.what for row in ratios)
    assert all(math.isfinite(row.value) and row.value > 0 for row in ratios)


def test_what_is_wanted_is_measured() -> None:
    report = Report()
    report.ratio("ours / theirs", 4.9, least=5)
    report.ratio("ours / nothing", 0.5, least=0.4)
    report.figure("ours, p99", 30.0, "ms", most=25)
    report.figure("theirs", 123456.0, "hits/s")
    assert [row.met for row in report.rows] == [False, True, False, None]
    first, second, third, fourth = report.table().splitlines()
    assert first.split() == ["ours", "/", "theirs", "4.90", "x", ">=", "5", "MISSED"]
    assert second.endswith("ok")
    assert third.split()[-3:] == ["<=", "25", "MISSED"]
    assert fourth.split() == ["theirs", "123,456", "hits/s"]


def test_one_by_its_name() -> None:
    command = [sys.executable, "-m", "benchmarks", "--scale", "0.003", "start"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=steady.PATIENCE)
    assert done.returncode == 0, done.stderr
    assert "trapline --help / python -c pass" in done.stdout
    assert "load average" in done.stdout


def test_an_unknown_name_is_refused() -> None:
    command = [sys.executable, "-m", "benchmarks", "nonsense"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=steady.PATIENCE)
    assert done.returncode == 2
    assert "there is no benchmark 'nonsense'" in done.stderr
