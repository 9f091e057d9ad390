"""Drafts: filled from the case, blank where it cannot know; no draft claims an authority or hides its source."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from canaries.core.errors import TraplineError
from listener import cli
from listener.dossier.case import Case
from listener.dossier.drafts import draft, names, write
from tests.listener.dossier.test_attacks import forged_hit

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


def test_a_letter_lists_uses_by_network(story: Any, case: Case) -> None:
    """So that the addresses of one provider's customers do not go to another."""
    text = draft(case, story.home, "preservation-request")
    assert text.count("Of the network 203.0.113.0/24 (strike it where it is not this provider's") == 1


def test_what_a_certificate_says_of_the_records_is_of_these_records(
    story: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An application's word did not come in by a trap, bytes that are erased are not there, and one is no plural."""

    def told(folder: str) -> str:
        made = write(story.home, tmp_path / folder, incident=story.incident)
        return made[NAMES.index("fre-902-13")].read_text("utf-8")

    text = told("seen")
    assert "Of 3 records, its state was" in text
    assert "were\n   made by version 0; the exhibit by version" in text
    assert "8. Exhibits: 3 records; the bytes of 3 of them are in the dossier" in text
    assert "arose otherwise" not in text
    monkeypatch.setattr("listener.dossier.drafts.origin", lambda _: "reported")
    assert "3 of the 3 records arose otherwise" in told("reported")


def test_a_notice_claims_no_more_than_is_on_record(story: Any, case: Case) -> None:
    text = draft(case, story.home, "notice-to-those-concerned")
    assert "From 2026-11-22T12:00:00.000000Z to 2026-11-22T12:00:02.000000Z (UTC) material was used" in text
    assert "used by somebody" not in text


def test_services_that_are_asked_are_named_in_policy_and_assessment(
    story: Any, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, said in (
        ("logging-policy", "Nobody is asked"),
        ("privacy-assessment", "no service is switched on"),
    ):
        assert said in draft(case, story.home, name)
    settings = replace(story.home.settings, outside={"shodan": {"enabled": True}, "vt": {"enabled": False}})
    monkeypatch.setitem(vars(story.home), "settings", settings)
    for name, said in (("logging-policy", "recorded: shodan."), ("privacy-assessment", "put are shodan;")):
        assert said in draft(case, story.home, name)


def test_an_address_that_is_none_stops_no_draft(story: Any, tmp_path: Path) -> None:
    forged_hit(story, source={"ip": "999.1.1.1<b>", "port": 4}, peer={"ip": "999.1.1.1<b>", "port": 4})
    write(story.home, tmp_path / "forms", incident=story.incident)


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
