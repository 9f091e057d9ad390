"""What bait documents are about: drawn, varied, in the locale's language where there are words for it."""

from __future__ import annotations

from canaries.content.documents import draft
from canaries.crypto.seeded_random import SeededRandom


def test_the_same_stream_gives_the_same_draft() -> None:
    assert draft(SeededRandom(b"a" * 32), "en_US") == draft(SeededRandom(b"a" * 32), "en_US")


def test_drafts_differ_and_are_whole() -> None:
    drafts = [draft(SeededRandom(number.to_bytes(32, "big")), "en_US") for number in range(100)]
    assert len({one.file for one in drafts}) > 60
    for one in drafts:
        assert one.lines
        assert one.rows
        assert "{" not in one.title + "".join(one.lines)
        assert "/" not in one.file


def test_a_language_without_words_falls_back_to_english() -> None:
    stream = SeededRandom(b"b" * 32)
    assert draft(stream, "ja_JP") == draft(stream, "en_US")
    assert draft(stream, "de_DE") != draft(stream, "en_US")
    assert draft(stream, "sv_SE") not in (draft(stream, "de_DE"), draft(stream, "en_US"))
