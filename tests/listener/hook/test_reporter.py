"""Reports arrive, once and in order, or are kept while the listener is away; nobody waits for that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from listener.hook import reporter as module
from listener.hook.reporter import Reporter
from tests import steady
from tests.house import ROOT

KEY = "k" * 64


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts follow one another quickly."""
    monkeypatch.setattr(module, "_FIRST_PAUSE", 0.02)
    monkeypatch.setattr(module, "_LONGEST_PAUSE", 0.02)


def report(number: int) -> dict[str, Any]:
    return {"id": f"report {number:06}", "event": "login"}


def numbers(listener: Any) -> list[int]:
    return [int(one["id"].split()[1]) for one in listener.reports]


def test_reports_arrive(fake_listener: Any, reporter: Reporter) -> None:
    for number in range(20):
        reporter.put(report(number))
    steady.until(lambda: numbers(fake_listener) == list(range(20)))
    assert reporter.flush()


def test_while_the_listener_is_away_nothing_is_lost(
    fake_listener: Any, reporter: Reporter, tmp_path: Path
) -> None:
    fake_listener.stop()
    for number in range(50):
        reporter.put(report(number))
        if number == 25:
            steady.until((tmp_path / "spool").exists)
    steady.until(lambda: len((tmp_path / "spool").read_text().splitlines()) == 50)
    assert (tmp_path / "spool").stat().st_mode & 0o777 == 0o600
    fake_listener.start()
    steady.until(lambda: numbers(fake_listener) == list(range(50)))
    steady.until(lambda: not (tmp_path / "spool").exists())


def test_what_a_process_left_the_next_one_sends(fake_listener: Any, tmp_path: Path) -> None:
    """A process ends while the listener is away: its reports are on disk, and another's first report brings them."""
    fake_listener.stop()
    program = (
        "import sys; from pathlib import Path; from listener.hook.reporter import Reporter\n"
        f"one = Reporter('web', {KEY!r}, ['unix:{fake_listener.path}'], spool=Path({str(tmp_path / 'spool')!r}))\n"
        "one.put({'id': 'report 000001'})\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)
    assert json.loads((tmp_path / "spool").read_text())["id"] == "report 000001"
    fake_listener.start()
    Reporter("web", KEY, [f"unix:{fake_listener.path}"], spool=tmp_path / "spool").put(report(2))
    steady.until(lambda: numbers(fake_listener) == [1, 2])


def test_memory_and_spool_are_bounded_and_what_is_lost_is_told(fake_listener: Any, tmp_path: Path) -> None:
    fake_listener.stop()
    places = [f"unix:{fake_listener.path}"]
    kept = Reporter("web", KEY, places, spool=tmp_path / "spool", spool_bytes=100)
    for number in range(10):
        kept.put(report(number))
        assert kept.flush()
    assert (tmp_path / "spool").stat().st_size <= 100
    assert kept.dropped > 0
    dropped = kept.dropped
    fake_listener.start()
    steady.until(lambda: not (tmp_path / "spool").exists())
    kept.put(report(10))
    steady.until(lambda: 10 in numbers(fake_listener))
    assert fake_listener.reports[-1]["dropped"] == dropped
    fake_listener.stop()
    memory = Reporter("web", KEY, places, most=3)
    for number in range(9):
        memory.put(report(number))
    steady.until(lambda: memory.dropped == 6)


def test_a_report_that_is_refused_for_good_does_not_block_the_next(
    fake_listener: Any, reporter: Reporter
) -> None:
    reporter.put({"id": "no"})
    reporter.put(report(1))
    steady.until(lambda: numbers(fake_listener) == [1])


def test_a_forked_process_reports_too(fake_listener: Any, reporter: Reporter) -> None:
    """As servers do that load the application before they fork."""
    program = (
        "import os; from listener.hook.reporter import Reporter\n"
        f"one = Reporter('web', {KEY!r}, ['unix:{fake_listener.path}'])\n"
        "one.put({'id': 'report 000001'}); one.flush()\n"
        "if pid := os.fork(): os.waitpid(pid, 0)\n"
        "else: one.put({'id': 'report 000002'}); one.flush(); os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT, env={**os.environ})
    assert numbers(fake_listener) == [1, 2]


def test_what_is_refused_for_good_is_counted(fake_listener: Any, reporter: Reporter) -> None:
    reporter.put({"id": "no"})
    steady.until(lambda: reporter.dropped == 1)
    reporter.put(report(1))
    steady.until(lambda: [one.get("dropped") for one in fake_listener.reports] == [1])


@pytest.mark.parametrize("away", [False, True], ids=["listening", "away"])
def test_a_spool_that_cannot_be_written_loses_nothing(fake_listener: Any, tmp_path: Path, away: bool) -> None:
    if away:
        fake_listener.stop()
    places = [f"unix:{fake_listener.path}"]
    blind = Reporter("web", KEY, places, spool=tmp_path / "no" / "such" / "spool")
    for number in range(3):
        blind.put(report(number))
    if away:
        fake_listener.start()
    steady.until(lambda: numbers(fake_listener) == [0, 1, 2])
    assert blind.dropped == 0


def test_a_spool_that_fails_while_the_listener_is_away_loses_nothing(
    fake_listener: Any, reporter: Reporter, tmp_path: Path
) -> None:
    fake_listener.stop()
    reporter.put(report(0))
    steady.until((tmp_path / "spool").exists)
    (tmp_path / "spool.lock").unlink()
    (tmp_path / "spool.lock").mkdir()
    reporter.put(report(1))
    assert reporter.flush(0.01) in (True, False)
    (tmp_path / "spool.lock").rmdir()
    fake_listener.start()
    steady.until(lambda: sorted(set(numbers(fake_listener))) == [0, 1])


def test_an_address_that_cannot_be_does_not_hide_the_next(fake_listener: Any) -> None:
    Reporter("web", KEY, ["http://h:port", f"unix:{fake_listener.path}"]).put(report(1))
    steady.until(lambda: numbers(fake_listener) == [1])


def test_a_torn_line_of_a_full_spool_stops_nothing(fake_listener: Any, tmp_path: Path) -> None:
    fake_listener.stop()
    (tmp_path / "spool").write_text('{"id":"torn\n')
    full = Reporter("web", KEY, [f"unix:{fake_listener.path}"], spool=tmp_path / "spool", spool_bytes=1)
    full.put(report(1))
    steady.until(lambda: full.dropped == 2)


def test_threads_whose_first_reports_come_at_once_have_one_sender(
    fake_listener: Any, reporter: Reporter
) -> None:
    inside, go = threading.Event(), threading.Event()

    class SlowLock:
        def __enter__(self) -> None:
            held.acquire()
            inside.set()
            go.wait(steady.PATIENCE)

        def __exit__(self, *_: object) -> None:
            held.release()

    held = threading.Lock()
    reporter._beginning = SlowLock()  # type: ignore[assignment]
    threads = [threading.Thread(target=reporter.put, args=(report(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    assert inside.wait(steady.PATIENCE)
    go.set()
    for thread in threads:
        thread.join()
    steady.until(lambda: sorted(numbers(fake_listener)) == [0, 1, 2, 3])
