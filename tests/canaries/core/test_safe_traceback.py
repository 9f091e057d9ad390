"""A mishap is told with its place and its sort; what a visitor sent is not repeated."""

from __future__ import annotations

import pytest

from canaries.core import safe_traceback


def stumble() -> None:
    int("hunter2\x1b[31m")


def test_place_and_type_without_the_visitors_words(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        stumble()
    except ValueError as error:
        safe_traceback.log_error(error)
    said = capsys.readouterr().err
    assert "test_safe_traceback.py" in said
    assert "in stumble" in said
    assert said.endswith("ValueError\n")
    assert "\x1b" not in said
    assert said.count("hunter2") == 1, "in the quoted line of our own code, not in a message"
    assert "invalid literal" not in said


def test_what_it_came_of_is_told_first() -> None:
    try:
        try:
            stumble()
        except ValueError as error:
            raise KeyError("second") from error
    except KeyError as error:
        said = safe_traceback.format_error(error)
    assert said.index("ValueError\nwhich led to\n") < said.index("KeyError\n")
