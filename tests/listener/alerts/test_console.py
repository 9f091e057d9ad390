from __future__ import annotations

import io

import pytest

from canaries import settings
from canaries.errors import SettingsError
from listener.alerts import Alert
from listener.alerts.console import Console, ConsoleSettings


def test_it_writes_where_it_is_told(alert: Alert, capsys: pytest.CaptureFixture[str]) -> None:
    assert Console(ConsoleSettings()).send(alert) == "written to stderr"
    assert Console(ConsoleSettings("stdout")).send(alert) == "written to stdout"
    captured = capsys.readouterr()
    assert captured.out == captured.err
    assert "A canary was used: aws-key (in the wiki)\n" in captured.out
    assert "\x1b" not in captured.out


def test_a_terminal_without_unicode_gets_escapes(alert: Alert, monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses

    stream = io.BytesIO()
    with io.TextIOWrapper(stream, encoding="ascii") as terminal:
        monkeypatch.setattr("sys.stderr", terminal)
        Console(ConsoleSettings()).send(dataclasses.replace(alert, memo="Zürich"))
        assert b"(Z\\xfcrich)" in stream.getvalue()


def test_another_stream_is_refused() -> None:
    with pytest.raises(SettingsError, match="stderr, stdout"):
        settings.bind(ConsoleSettings, {"stream": "printer"}, "channels.tty")
