"""Where all bait was minted with the sieve, guesses fail at every trap, all alike, and are recorded; bait gets in."""

from __future__ import annotations

from typing import cast

import pytest

from canaries.core import plugins
from canaries.crypto.seeded_random import BASE62
from canaries.crypto.sieve import Sieve
from listener import traps
from listener.protocol.conversation import Close, Conversation, Record, Send, Step
from listener.protocol.identity import Identity
from listener.traps import Trap
from listener.traps._stream import StreamTrap
from tests import steady
from tests.test_stories import SCRIPTS

KEY = steady.key("front of guesses")
TRAPS = plugins.classes(traps.FOLDER, Trap)  # type: ignore[type-abstract]
BAIT = Sieve(KEY).passing("x7" * 12, BASE62)
GUESSES = ("hunter2", "y8" * 12, "correct-horse-battery-staple")
ASKED = sorted(set(SCRIPTS) - {"http"})
"""HTTP services say yes or no as their personas do."""


def talk(trap: str, password: str, *, strict: bool = True) -> list[Step]:
    script, made = SCRIPTS[trap], cast("type[StreamTrap]", TRAPS[trap])
    conversation: Conversation = made.conversation(Identity(KEY, strict=strict), 1)
    steps = list(conversation.greet())
    for data in script.login({"user": "app", "password": password}):
        steps += conversation.feed(data)
        if Close() in steps:
            break
    return steps


def said(steps: list[Step]) -> bytes:
    """The answer to the login: what comes before it may tell the time."""
    return [step.data for step in steps if isinstance(step, Send)][-1]


@pytest.mark.parametrize("trap", ASKED)
def test_guesses_are_refused_alike_and_recorded(trap: str) -> None:
    welcome = said(talk(trap, BAIT))
    answers = {said(talk(trap, guess)) for guess in GUESSES}
    assert len(answers) == 1, "each the same way"
    assert answers != {welcome}
    for guess in GUESSES:
        notes = [step for step in talk(trap, guess) if isinstance(step, Record)]
        assert any(guess in str(note.shown) for note in notes), "recorded all the same"


@pytest.mark.parametrize("trap", ASKED)
def test_bait_and_where_there_is_older_bait_everybody_gets_in(trap: str) -> None:
    assert said(talk(trap, BAIT)) == said(talk(trap, BAIT, strict=False))
    assert said(talk(trap, GUESSES[1], strict=False)) == said(talk(trap, BAIT, strict=False))


def test_a_name_of_its_own_admits_a_client_that_hides_its_password() -> None:
    identity = Identity(KEY, strict=True)
    assert identity.admits(BAIT)
    assert not any(identity.admits(guess) for guess in (*GUESSES, ""))
    assert Identity(KEY).admits("")


def test_challenges_are_fresh_where_there_is_chance() -> None:
    fresh = Identity(KEY, draw=steady.draw("challenge"))
    assert fresh.challenge("vnc:1", 16) != fresh.challenge("vnc:1", 16)
    fixed = Identity(KEY)
    assert fixed.challenge("vnc:1", 16) == fixed.challenge("vnc:1", 16) != fixed.challenge("vnc:2", 16)
