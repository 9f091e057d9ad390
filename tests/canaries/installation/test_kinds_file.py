"""The front reads at once what whoever mints has written, and never half of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaries.installation import kinds_file
from canaries.installation.kinds_file import LiveKinds


def test_what_is_added_is_read_by_the_next_request(tmp_path: Path) -> None:
    kinds_file.create(tmp_path, frozenset())
    live = LiveKinds(tmp_path)
    assert live() == frozenset()
    kinds_file.add(tmp_path, {"url", "redis-url"})
    assert live() == frozenset({"url", "redis-url"})
    kinds_file.add(tmp_path, {"stripe-key"})
    assert live() == LiveKinds(tmp_path)() == frozenset({"url", "redis-url", "stripe-key"})


def test_what_is_settled_replaces_all(tmp_path: Path) -> None:
    kinds_file.create(tmp_path, {"url"})
    live = LiveKinds(tmp_path)
    with kinds_file.settled(tmp_path) as found:
        found.append({"qr"})
    assert live() == frozenset({"qr"})
    before = (tmp_path / kinds_file.FILE).read_bytes()
    with kinds_file.settled(tmp_path) as found:
        found.append({"qr"})
    assert (tmp_path / kinds_file.FILE).read_bytes() == before, "what is so already is left alone"


def test_nobody_has_counted_until_it_is_settled(tmp_path: Path) -> None:
    kinds_file.create(tmp_path, None)
    live = LiveKinds(tmp_path)
    kinds_file.add(tmp_path, {"url"})
    assert live() is None, "one kind more is not all kinds"
    with kinds_file.settled(tmp_path) as found:
        found.append({"url"})
    assert live() == frozenset({"url"})


def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    kinds_file.create(tmp_path, {"url"})
    kinds_file.create(tmp_path, None)
    assert LiveKinds(tmp_path)() == frozenset({"url"})


def test_while_somebody_writes_the_last_whole_content_counts(tmp_path: Path) -> None:
    kinds_file.create(tmp_path, {"url"})
    live = LiveKinds(tmp_path)
    assert live() == frozenset({"url"})
    with (tmp_path / kinds_file.FILE).open("r+b") as file:
        file.write((5).to_bytes(8, "big") + (3).to_bytes(4, "big") + b"re")
    assert live() == frozenset({"url"})
    kinds_file.add(tmp_path, {"qr"})  # whoever wrote was killed in the midst of it
    assert "qr" in (live() or ())


def test_more_kinds_than_it_holds_are_not_known(tmp_path: Path) -> None:
    kinds_file.create(tmp_path, {"k" * kinds_file.SIZE})
    assert LiveKinds(tmp_path)() is None


def test_a_home_without_the_file_mints_all_the_same(tmp_path: Path) -> None:
    kinds_file.add(tmp_path, {"url"})
    assert not list(tmp_path.iterdir())
    with pytest.raises(OSError, match="kinds"):
        LiveKinds(tmp_path)
