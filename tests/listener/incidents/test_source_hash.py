"""Source tags: the same source the same tag, and none that can be tested once its key has turned."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.errors import HomeError
from listener.incidents.source_hash import KEY, PERIOD_DAYS, TAG_BYTES, Sources, is_crowd

PERIOD_US = PERIOD_DAYS * 86_400_000_000


@dataclass
class Clock:
    now: int = 2900 * PERIOD_US

    def __call__(self) -> int:
        return self.now


def test_one_source_has_one_tag(tmp_path: Path) -> None:
    sources = Sources(tmp_path)
    assert sources.source_tag("::ffff:192.0.2.1") == sources.source_tag("192.0.2.1")
    assert sources.source_tag("2001:db8::1") == sources.source_tag("2001:db8::ffff:2"), (
        "one /64 is one subscriber"
    )
    others = ["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:1::1", "unknown", "_hidden", ""]
    tags = {sources.source_tag(ip) for ip in others}
    assert len(tags) == len(others)
    assert all(len(tag) == TAG_BYTES and not is_crowd(tag) for tag in tags)


def test_another_process_and_another_listener_with_the_same_file_give_the_same_tag(tmp_path: Path) -> None:
    clock = Clock()
    tag = Sources(tmp_path, clock).source_tag("192.0.2.1")
    assert Sources(tmp_path, clock).source_tag("192.0.2.1") == tag
    (tmp_path / "other").mkdir()
    assert Sources(tmp_path / "other", clock).source_tag("192.0.2.1") != tag
    copied = tmp_path / "copied"
    copied.mkdir()
    (copied / KEY).write_bytes((tmp_path / KEY).read_bytes())
    clock.now += 3 * PERIOD_US
    assert Sources(copied, clock).source_tag("192.0.2.1") == Sources(tmp_path, clock).source_tag("192.0.2.1")


def test_when_the_key_has_turned_nothing_on_disk_gives_the_old_tag(tmp_path: Path) -> None:
    clock = Clock()
    sources = Sources(tmp_path, clock)
    before, tag = (tmp_path / KEY).read_bytes(), sources.source_tag("192.0.2.1")
    clock.now += PERIOD_US
    assert sources.source_tag("192.0.2.1") not in (tag, sources.source_tag("192.0.2.2"))
    assert (tmp_path / KEY).read_bytes() != before
    clock.now -= PERIOD_US  # whoever sets the clock back
    assert Sources(tmp_path, clock).source_tag("192.0.2.1") != tag


def test_the_key_is_private_and_a_damaged_one_is_named(tmp_path: Path) -> None:
    Sources(tmp_path)
    assert (tmp_path / KEY).stat().st_mode & 0o777 == 0o600
    (tmp_path / KEY).write_text("not a key")
    with pytest.raises(HomeError, match="sources"):
        Sources(tmp_path)


@given(st.text())
def test_no_text_breaks_it(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "keys"
    folder.mkdir(exist_ok=True)
    assert len(Sources(folder).source_tag(text)) == TAG_BYTES
