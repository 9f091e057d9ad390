"""What the parts of the client share: whole ids from beginnings, any route, answers of another shape."""

from __future__ import annotations

import pytest

from canaries.client.calls import only_one, part, shaped
from canaries.client.transport import RefusedByServerError
from canaries.core.errors import NotFoundError

IDS = ["00aa", "00bb", "11cc"]


def test_a_beginning_means_one_thing_or_none() -> None:
    assert only_one(" 11C", "canary", iter(IDS)) == "11cc"
    with pytest.raises(NotFoundError, match="more than one canary"):
        only_one("00", "canary", iter(IDS))
    for nothing in ("22", "", "  "):
        with pytest.raises(NotFoundError, match="there is no canary"):
            only_one(nothing, "canary", iter(IDS))


def test_whatever_is_in_a_part_of_a_path_stays_in_it() -> None:
    assert part("../accounts?x=1#y") == "..%2Faccounts%3Fx%3D1%23y"
    assert part("") == "-"


def test_an_answer_of_another_shape_is_a_refusal() -> None:
    with pytest.raises(RefusedByServerError, match="not one of the API"):
        shaped(lambda said: said["id"], [])
