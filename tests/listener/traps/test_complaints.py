"""Trouble is told once a minute for each thing that it is about."""

from __future__ import annotations

import logging

import pytest

from listener.traps._complaints import Complaints


def test_each_thing_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    complain = Complaints(logging.getLogger("trouble"))
    for about in ("journal", "page", "journal"):
        complain(about, f"the {about} does not work")
    assert [record.getMessage() for record in caplog.records] == [
        "the journal does not work",
        "the page does not work",
    ]
