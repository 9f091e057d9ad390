"""Tokens: the same seed gives the same text, nothing follows from anything else, every character is equally likely."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.crypto.seeded_random import BASE32, BASE36, BASE62, HEX, URLSAFE, SeededRandom

SEED = bytes(range(32))
labels = st.text(max_size=20)


def test_a_stream_is_shake_256_of_seed_and_label() -> None:
    assert SeededRandom(SEED).draw_bytes("secret", 64) == hashlib.shake_256(SEED + b"secret").digest(64)


@pytest.mark.parametrize("wrong", [b"", bytes(31), bytes(33)])
def test_a_seed_is_32_bytes(wrong: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        SeededRandom(wrong)


@given(labels, st.sampled_from([BASE32, BASE36, BASE62, HEX, URLSAFE, "01", "abc"]), st.integers(0, 200))
def test_text_is_repeatable_and_of_its_alphabet(label: str, alphabet: str, length: int) -> None:
    text = SeededRandom(SEED).text(label, alphabet, length)
    assert text == SeededRandom(SEED).text(label, alphabet, length)
    assert len(text) == length
    assert set(text) <= set(alphabet)


@given(labels, st.integers(1, 100), st.integers(1, 100))
def test_a_longer_text_begins_with_the_shorter_one(label: str, one: int, more: int) -> None:
    """How many bytes are drawn at once never shows in the text."""
    stream = SeededRandom(SEED)
    assert stream.text(label, BASE62, one + more).startswith(stream.text(label, BASE62, one))


def test_an_unlucky_draw_goes_on_until_there_is_enough() -> None:
    class Unlucky(SeededRandom):
        """Its first hundred bytes stand for no character of 62."""

        def draw_bytes(self, label: str, count: int) -> bytes:
            return (b"\xff" * 100 + super().draw_bytes(label, 500))[:count]

    assert Unlucky(SEED).text("x", BASE62, 30) == SeededRandom(SEED).text("x", BASE62, 30)


@pytest.mark.parametrize("alphabet", [HEX, BASE32, BASE36, BASE62, URLSAFE, "0123456789", "abc"])
def test_every_character_is_equally_likely(alphabet: str) -> None:
    """Chi-squared over 200,000 characters; the bound is beyond the 99.99th percentile for these sizes."""
    counts = Counter(SeededRandom(SEED).text("uniform", alphabet, 200_000))
    expected = 200_000 / len(alphabet)
    freedom = len(alphabet) - 1
    chi = sum((counts[char] - expected) ** 2 / expected for char in alphabet)
    assert chi < freedom + 4 * (2 * freedom) ** 0.5 + 8


def test_folding_bytes_would_be_caught() -> None:
    """The control of the test above: byte modulo 62 favours the first eight characters, and is found out."""
    raw = SeededRandom(SEED).draw_bytes("biased", 200_000)
    counts = Counter(byte % 62 for byte in raw)
    expected = 200_000 / 62
    assert sum((counts[n] - expected) ** 2 / expected for n in range(62)) > 61 + 4 * (2 * 61) ** 0.5 + 8


def test_labels_seeds_and_children_are_independent() -> None:
    one = SeededRandom(SEED)
    texts = {
        one.text("a", BASE62, 30),
        one.text("b", BASE62, 30),
        one.child("a").text("a", BASE62, 30),
        one.child("b").text("a", BASE62, 30),
        SeededRandom(bytes(32)).text("a", BASE62, 30),
    }
    assert len(texts) == 5


@given(labels, st.integers(1, 2**80))
def test_below_stays_below(label: str, bound: int) -> None:
    assert 0 <= SeededRandom(SEED).below(label, bound) < bound


def test_between_reaches_both_ends() -> None:
    assert {SeededRandom(SEED).between(f"{n}", 3, 5) for n in range(100)} == {3, 4, 5}


def test_pick_reaches_every_choice() -> None:
    assert {SeededRandom(SEED).pick(f"{n}", "xyz") for n in range(100)} == set("xyz")


@pytest.mark.parametrize("alphabet", ["", "a", "ä" * 300])
def test_an_alphabet_has_at_least_two_characters_and_fits_a_byte(alphabet: str) -> None:
    with pytest.raises(ValueError, match="alphabet"):
        SeededRandom(SEED).text("x", alphabet, 4)
