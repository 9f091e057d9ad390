"""The list of competing explanations is whole and accuses nobody."""

from __future__ import annotations

import re

from listener.incidents.hypotheses import HYPOTHESES, KEYS


def test_benign_and_mistaken_explanations_come_before_the_last_one() -> None:
    text = " ".join(item.explanation for item in HYPOTHESES).lower()
    for word in (
        "preview",
        "gateway",
        "sandbox",
        "crawler",
        "own staff",
        "tester",
        "good faith",
        "cgnat",
        "tor",
        "proxy",
    ):
        assert word in text
    for word in (
        "false flag",
        "x-forwarded-for",
        "dynamic address",
        "error by the operator",
        "resolver",
        "secret-scanning",
    ):
        assert word in text
    assert HYPOTHESES[-1].check == "what remains after the others, not what is assumed"


def test_each_has_a_check_and_is_said_once() -> None:
    assert all(item.check for item in HYPOTHESES)
    assert len({item.explanation for item in HYPOTHESES}) == len(HYPOTHESES)
    assert not re.search("attacker|hacker|criminal", repr(HYPOTHESES), re.IGNORECASE)


def test_each_has_a_name_of_its_own() -> None:
    assert len(set(KEYS)) == len(HYPOTHESES) == 18
    assert all(re.fullmatch("[a-z]+", key) for key in KEYS)
