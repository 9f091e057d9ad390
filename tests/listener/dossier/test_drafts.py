"""Drafts: filled from the case, blank where it cannot know; no draft claims an authority or hides its source."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from canaries.core.errors import TraplineError
from listener import cli
from listener.dossier.case import Case
from listener.dossier.drafts import draft, names, write

NAMES = names()


def test_what_counsel_asks_for_is_there() -> None:
    assert {
        "fre-902-13", "fre-902-14", "business-records", "custody", "preservation-request", "legal-hold", "receipt",
        "correction", "notice-to-those-concerned", "privacy-assessment", "logging-policy",
    } <= set(NAMES)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_draft_with_blanks(story: Any, case: Case, name: str) -> None:
    text = draft(case, story.home, name)
    assert text.startswith("DRAFT FOR REVIEW BY COUNSEL")
    assert "____" in text
    assert case.name in text
    assert not re.search("(?i)attacker|offender|culprit|\b2703\b", text)
    assert not any(char < " " and char != "\n" for char in text)
    assert "\u202e" not in text


def test_a_preservation_request_has_what_a_provider_needs(story: Any, case: Case) -> None:
    text = draft(case, story.home, "preservation-request")
    assert "2026-11-22T12:00:02.000000Z   203.0.113.2 port 40002" in text
    assert "clock synchronised" in text


def test_the_policy_says_what_the_settings_say(story: Any, case: Case) -> None:
    text = draft(case, story.home, "logging-policy")
    assert "kept sealed for 7 days" in text
    assert "nobody (no channel is set up)" in text


def test_they_are_written_once_and_recorded(story: Any, tmp_path: Path) -> None:
    made = write(story.home, tmp_path / "forms", incident=story.incident)
    assert [path.stem for path in made] == NAMES
    with story.home.store.read() as connection:
        (entry,) = story.home.reader.entries(connection, "exported")
    expected = {"what": "drafts", "incident": story.incident, "files": NAMES, "canaries": [story.canary]}
    assert entry.body == expected
    with pytest.raises(TraplineError, match="already there"):
        write(story.home, tmp_path / "forms", incident=story.incident)


def test_the_command(story: Any, tmp_path: Path) -> None:
    words = ["--home", str(story.home.path), "dossier", "drafts", "--canary", story.canary]
    done = CliRunner().invoke(cli.trapline, [*words, "--out", str(tmp_path / "forms"), "--json"])
    assert len([json.loads(line) for line in done.output.splitlines()]) == len(NAMES)
