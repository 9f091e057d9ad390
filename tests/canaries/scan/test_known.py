"""The home's index: made once, then only what was minted since; damage and another key make it anew."""

from __future__ import annotations

import pytest

from canaries.installation.home import Home
from canaries.mint import catalogue
from canaries.mint.minting import mint
from canaries.scan import index, known


def test_only_what_was_minted_since_is_opened(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    first = next(mint(home, "github-token")).canary
    assert known.current(home).canaries == [first.id]
    second = next(mint(home, "github-token")).canary
    opened = []
    real = catalogue.open_record
    monkeypatch.setattr(catalogue, "open_record", lambda home, row: opened.append(row.id) or real(home, row))
    assert known.current(home).canaries == [first.id, second.id]
    assert known.current(home).canaries == [first.id, second.id]
    assert opened == [second.id]


def test_a_damaged_index_is_made_again(home: Home) -> None:
    canary = next(mint(home, "github-token")).canary
    known.current(home)
    path = home.path / known.FILE
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(path.read_bytes()[:-5])
    assert known.current(home).canaries == [canary.id]


def test_an_index_that_knows_fewer_forms_is_made_again(home: Home) -> None:
    canary = next(mint(home, "github-token")).canary
    old = known.current(home)
    old.spellings, old.rows = 1, old.rows[:1]
    index.write(old, home.path / known.FILE)
    assert len(known.current(home).rows) > 1
    assert known.current(home).canaries == [canary.id]


def test_an_index_for_somebody_else_shares_no_tag_with_ours(home: Home) -> None:
    list(mint(home, "github-token", count=3))
    ours, theirs = known.current(home), known.for_somebody_else(home, bytes(32))
    assert sorted(ours.canaries) == sorted(theirs.canaries)
    assert not set(ours.rows["tag"].tolist()) & set(theirs.rows["tag"].tolist())


def test_an_index_of_another_installation_is_not_taken_for_ours(home: Home) -> None:
    canary = next(mint(home, "github-token")).canary
    theirs = known.for_somebody_else(home, bytes(32))
    theirs.through = 1_000_000
    index.write(theirs, home.path / known.FILE)
    ours = known.current(home)
    assert ours.canaries == [canary.id]
    assert ours.key != theirs.key


def test_where_it_cannot_be_kept_it_is_made_each_time(home: Home) -> None:
    (home.path / known.FILE).mkdir()
    canary = next(mint(home, "github-token")).canary
    assert known.current(home).canaries == [canary.id]
    assert known.current(home).canaries == [canary.id]
