"""CI variables: an export a CI reads, with canaries of their own in it."""

from __future__ import annotations

import json
from collections.abc import Callable

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_every_part_is_among_the_variables(mint: Mint) -> None:
    bait = mint("ci-variables")
    variables = {item["key"]: item["value"] for item in json.loads(bait.text)}
    assert len(bait.parts) == 3
    for _, part in bait.parts:
        assert part.tokens[0].value in variables.values()


def test_installations_carry_different_kinds(mint: Mint) -> None:
    assert (
        len({tuple(kind for kind, _ in mint("ci-variables", number=number).parts) for number in range(30)})
        > 3
    )


def test_tried_as_the_hint_says_the_token_arrives(tried: Callable[[str], tuple[Bait, list[str]]]) -> None:
    bait, requests = tried("ci-variables")
    assert bait.tokens[0].value in " ".join(requests)
