"""What people wrote is shown with what it changed; hostile text is visible."""

from __future__ import annotations

import pytest

from listener.commands import _incident_lines
from listener.incidents.model import OperatorNote


def test_a_note_says_what_it_changed(capsys: pytest.CaptureFixture[str]) -> None:
    notes = [
        OperatorNote("1", "t", "ann", "a\x1b[2J", "closed", "test"),
        OperatorNote("2", "t", "ann", "", "", assigned="bo"),
        OperatorNote("3", "t", "ann", "", "", assigned="-"),
    ]
    _incident_lines._written(notes, [])
    said = capsys.readouterr().out
    assert "[closed: test]" in said
    assert "[assigned to bo]" in said
    assert "[assigned to nobody]" in said
    assert "\x1b" not in said
