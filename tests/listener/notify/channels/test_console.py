from __future__ import annotations

import dataclasses
import io
import sys

import pytest

from listener.notify.channels import Alert
from listener.notify.channels.console import Console, ConsoleChannelSettings
from tests.hooks import Way


def way(request: pytest.FixtureRequest) -> Way:
    capsys, monkeypatch = (request.getfixturevalue(name) for name in ("capsys", "monkeypatch"))

    def gone() -> None:
        closed = io.StringIO()
        closed.close()
        monkeypatch.setattr(sys, "stderr", closed)

    return Way({}, lambda: [capsys.readouterr().err], gone)


def test_it_writes_readable_text(alert: Alert, capsys: pytest.CaptureFixture[str]) -> None:
    assert Console(ConsoleChannelSettings()).send(alert) == "written to stderr"
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("HIGH: aws key used (in the wiki)\n\n")
    assert "\nFrom          203.0.113.9 port 40123 (offline data: AS64496)\n" in captured.err
    assert "\x1b" not in captured.err


def test_a_terminal_without_unicode_gets_escapes(alert: Alert, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO()
    with io.TextIOWrapper(stream, encoding="ascii") as terminal:
        monkeypatch.setattr("sys.stderr", terminal)
        Console(ConsoleChannelSettings()).send(dataclasses.replace(alert, memo="Zürich"))
        assert b"(Z\\xfcrich)" in stream.getvalue()
