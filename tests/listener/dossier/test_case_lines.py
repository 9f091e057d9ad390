"""Each entry of a case is opened once, however many formats read it, and what is on disk has no name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from canaries.ledger.entries import Entry, EntryReader, canonical
from listener.dossier import case_lines
from listener.dossier.build import build
from listener.dossier.case_lines import CaseLines
from listener.incidents import linking


def test_a_build_opens_each_entry_of_the_case_once(
    story: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    really = EntryReader.entry

    def count(self: EntryReader, entry_id: str, *about: Any) -> Entry:
        opened.append(entry_id)
        return really(self, entry_id, *about)

    monkeypatch.setattr(EntryReader, "entry", count)
    monkeypatch.setattr(linking, "stated", lambda *_: [])  # that looks at the newest hits, of any case
    build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    assert [opened.count(hit) for hit in story.hits] == [1] * len(story.hits)


@pytest.mark.parametrize("in_memory", [0, 1 << 20])
def test_what_is_kept_is_what_was_opened(story: Any, monkeypatch: pytest.MonkeyPatch, in_memory: int) -> None:
    monkeypatch.setattr(case_lines, "IN_MEMORY", in_memory)
    home = story.home
    with home.store.read() as connection:
        opened = home.reader.fetch(connection, story.hits)
    before = set(home.path.iterdir())
    wanted = {name: replace(entry, header=None) for name, entry in opened.items()}
    lines = CaseLines(home)
    assert lines.fetch(story.hits) == opened
    for _ in range(2):
        assert lines.fetch(story.hits) == wanted
        assert lines.lines(story.hits) == {name: entry.line for name, entry in wanted.items()}
        assert lines.bodies(story.hits) == {
            name: (entry.seq, canonical(entry.body)) for name, entry in wanted.items()
        }
    assert len(lines) == len(story.hits)
    assert lines.fetch(["0" * 32]) == {}
    assert set(home.path.iterdir()) == before


def test_what_is_read_is_the_same_before_and_after_it_is_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_lines, "IN_MEMORY", 1_000)
    monkeypatch.setattr(case_lines, "_PIECE", 300)
    kept, end = case_lines._Kept(tmp_path), 0
    places: list[tuple[int, int, bytes]] = []
    for number in range(200):
        content = bytes([number]) * (number * 7 % 90 + (500 if number == 150 else 0))
        kept.append(content)
        places.append((end, end := end + len(content), content))
        for start, stop, said in (places[-1], places[number // 2], places[0]):
            assert kept.read(start, stop) == said
    for some in (places, places[::-1]):
        assert [kept.read(start, stop) for start, stop, _ in some] == [said for *_, said in some]
    assert not list(tmp_path.iterdir())
