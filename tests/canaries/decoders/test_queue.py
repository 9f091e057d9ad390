"""The order in which layers are looked at."""

from __future__ import annotations

from canaries.decoders import USUAL, DecodingBudget, Layer, candidates, unwrap
from canaries.decoders._queue import LayerQueue
from tests.canaries.decoders import test_contract as contract


def test_fewest_guesses_first_then_the_nearest_and_the_doubtful_last() -> None:
    queue = LayerQueue(Layer(b"0"), {"form", "markup"})
    assert queue.take().data == b"0"
    for number, (way, doubtful) in enumerate(
        [
            (("form", "markup"), False),
            ((), True),
            (("form",), False),
            (("zip", "json"), False),
            (("zip",), False),
        ],
        1,
    ):
        queue.add(Layer(b"%d" % number, way, doubtful=doubtful))
    taken = []
    while queue:
        taken.append(queue.take().data)
    assert taken == [b"4", b"5", b"3", b"1", b"2"]


def test_what_marks_speak_for_is_found_though_the_work_does_not_reach_for_the_noise() -> None:
    """Ascii85 looks like markup, forms and escapes in hundreds of ways, none of which leads anywhere."""
    data = contract.wrapped(contract.TOKENS[0], "zip", "graphql", "ascii85")
    assert data is not None
    budget = DecodingBudget(USUAL, len(data))
    found = {one for layer in unwrap(data, budget) for one in candidates(layer)}
    assert budget.reached == ("work",)
    assert contract.TOKENS[0] in found
