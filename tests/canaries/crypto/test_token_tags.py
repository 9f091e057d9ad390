"""Tags: what the index holds in place of tokens."""

from __future__ import annotations

import hashlib

from canaries.crypto.token_tags import TAG_BYTES, normal, tagger


def test_a_tag_is_keyed_blake2b() -> None:
    tag = tagger(b"k" * 32)
    assert tag(b"token") == hashlib.blake2b(b"token", key=b"k" * 32, digest_size=TAG_BYTES).digest()
    assert tag(b"token") == tag(b"token"), "one tag must not leak into the next"
    assert tag(b"token") != tagger(b"l" * 32)(b"token")


def test_case_is_kept_unless_it_does_not_matter() -> None:
    assert normal("AbC", folds=False) == b"AbC"
    assert normal("AbC", folds=True) == b"abc"
