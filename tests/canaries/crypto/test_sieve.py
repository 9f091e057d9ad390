"""The sieve: what is minted passes, most of what is guessed does not, and another installation's does not either."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from canaries.crypto.seeded_random import BASE36, BASE62, SeededRandom
from canaries.crypto.sieve import Sieve
from tests import steady

HERE, ELSEWHERE = Sieve(steady.key("front")), Sieve(steady.key("another front"))
DRAWS = [SeededRandom(steady.key(f"canary {number}")) for number in range(2000)]


def test_what_is_minted_passes_at_home_and_seldom_elsewhere() -> None:
    passwords = [HERE.passing(stream.text("password", BASE62, 20), BASE62) for stream in DRAWS]
    labels = [HERE.passing(stream.text("label", BASE36, 21), BASE36) for stream in DRAWS]
    assert all(map(HERE.may_be_secret, passwords))
    assert all(HERE.may_be_label(label) and HERE.may_be_label(label.upper()) for label in labels)
    assert 10 < sum(map(ELSEWHERE.may_be_secret, passwords)) < 70, "one in 62"
    assert 25 < sum(map(ELSEWHERE.may_be_label, labels)) < 110, "one in 36"


def test_guesses_fail() -> None:
    words = ["password", "hunter2", "not-the-password", "x" * 19, "x" * 33, "", "ä" * 20, "0" * 20 + "\n"]
    assert not any(map(HERE.may_be_secret, words))
    drawn = [stream.text("guess", BASE62, 24) for stream in DRAWS]
    assert 10 < sum(map(HERE.may_be_secret, drawn)) < 70, "one in 62"


def test_no_character_is_favoured() -> None:
    ends = {HERE.passing(stream.text("password", BASE62, 20), BASE62)[-1] for stream in DRAWS}
    assert ends == set(BASE62)


@given(st.text(), st.text(alphabet=BASE62, min_size=20, max_size=32))
def test_any_text_gets_an_answer_and_one_end_only_passes(text: str, body: str) -> None:
    assert isinstance(HERE.may_be_secret(text), bool)
    assert isinstance(HERE.may_be_label(text), bool)
    assert sum(HERE.may_be_secret(body[:-1] + end) for end in BASE62) == 1
