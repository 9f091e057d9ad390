"""Source tags: the same source the same tag, slow to guess, and no lever for a flood."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from listener.incidents.source_hash import TAG_BYTES, Sources, is_crowd

KEY = bytes(range(32))


@dataclass
class Ticks:
    now: float = 50.0

    def __call__(self) -> float:
        return self.now


def test_the_tag_is_scrypt_under_a_salt_of_this_installation() -> None:
    salt = hmac.new(KEY, b"source", hashlib.sha256).digest()
    expected = hashlib.scrypt(bytes([192, 0, 2, 1]), salt=salt, n=8192, r=8, p=1, dklen=16)
    assert Sources(KEY).source_tag("192.0.2.1") == expected
    assert Sources(bytes(32)).source_tag("192.0.2.1") != expected


def test_one_source_has_one_tag() -> None:
    sources = Sources(KEY, fresh_a_second=100)
    assert sources.source_tag("::ffff:192.0.2.1") == sources.source_tag("192.0.2.1")
    assert sources.source_tag("2001:db8::1") == sources.source_tag("2001:db8::ffff:2"), (
        "one /64 is one subscriber"
    )
    others = ["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:1::1", "unknown", "_hidden", ""]
    tags = {sources.source_tag(ip) for ip in others}
    assert len(tags) == len(others)
    assert all(len(tag) == TAG_BYTES and not is_crowd(tag) for tag in tags)


def test_a_flood_of_sources_costs_nothing_and_is_marked() -> None:
    ticks = Ticks()
    sources = Sources(KEY, fresh_a_second=2, monotonic=ticks)
    first = [sources.source_tag(f"192.0.2.{n}") for n in range(2)]
    flood = {sources.source_tag(f"198.51.{n // 256}.{n % 256}") for n in range(2000)}
    assert len(flood) == 1, "none of them was hashed"
    assert is_crowd(flood.pop())
    assert [sources.source_tag(f"192.0.2.{n}") for n in range(2)] == first, "who is known stays known"
    ticks.now += 0.5
    assert not is_crowd(sources.source_tag("198.51.0.0")), (
        "a crowd's address gets its own tag when there is time"
    )
    assert is_crowd(sources.source_tag("198.51.0.1"))


def test_each_process_has_a_crowd_of_its_own() -> None:
    tags = {Sources(KEY, fresh_a_second=0).source_tag("192.0.2.1") for _ in range(2)}
    assert len(tags) == 2
    assert all(map(is_crowd, tags))


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    assert len(Sources(KEY, fresh_a_second=0).source_tag(text)) == TAG_BYTES
