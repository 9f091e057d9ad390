"""Which tokens a content really carries."""

from __future__ import annotations

from canaries.core.model import Bait, Token
from canaries.plant.files.literals import judge, needles
from canaries.plant.planters import State


def test_tokens_of_parts_count_and_absent_ones_do_not() -> None:
    part = Bait((Token("b", "part-token"),), "")
    bait = Bait((Token("a", "own-token"), Token("c", "elsewhere")), "", parts=(("url", part),))
    assert needles(bait, b"x own-token y part-token") == ["own-token", "part-token"]
    assert needles(bait, "own-token".encode("utf-16-le"), "utf-16-le") == ["own-token"]


def test_judging() -> None:
    assert judge(b"one two", ["one", "two"], "utf-8") == (State.THERE, "")
    assert judge(b"one", ["one", "two"], "utf-8") == (State.CHANGED, "1 of 2 tokens are not in it any more")
    assert judge(b"", ["one", "two"], "utf-8")[0] is State.GONE
