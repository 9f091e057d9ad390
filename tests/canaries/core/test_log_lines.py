"""Log lines: one line a message, whatever is in it, as text and as JSON."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core import log_lines, safe_traceback


@pytest.fixture(autouse=True)
def back_to_text() -> Iterator[None]:
    yield
    log_lines.use_json(False)


@given(st.text())
def test_no_text_makes_a_second_line(text: str) -> None:
    log_lines.use_json(False)
    assert len(log_lines.line("front", text).splitlines()) == 1
    log_lines.use_json(True)
    said = log_lines.line("front", text)
    assert len(said.splitlines()) == 1
    assert said.isascii()
    assert json.loads(said)["message"] == text


def test_o15_json_says_when_who_and_how_bad(capsys: pytest.CaptureFixture[str]) -> None:
    log_lines.use_json(True)
    log_lines.write("back", "waits for the database", "warning")
    said = json.loads(capsys.readouterr().err)
    assert said["at"].endswith("Z")
    assert (said["source"], said["level"], said["message"]) == ("back", "warning", "waits for the database")


def test_text_names_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    log_lines.write("back", "waits")
    log_lines.write("", "http listens")
    assert capsys.readouterr().err == "back: waits\nhttp listens\n"


@pytest.mark.parametrize("as_json", [False, True])
def test_an_errors_own_words_are_in_neither_form(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    log_lines.use_json(as_json)
    safe_traceback.log_error(ValueError("hunter2 \x1b[2J"))
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert "hunter2" not in said
    if as_json:
        assert json.loads(said)["trace"] == "ValueError\n"


def test_what_modules_log_has_the_same_form() -> None:
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "%s failed", ("the disk\nis full",), None)
    assert log_lines.LineFormatter("front").format(record) == "front: the disk\\x0ais full failed"
    log_lines.use_json(True)
    assert json.loads(log_lines.LineFormatter("front").format(record))["level"] == "error"
