"""Which tokens a piece of bait really carries, letter for letter, and how many of them are still there."""

from __future__ import annotations

from collections.abc import Iterator

from canaries.core.model import Bait, Token
from canaries.plant.planters import State


def tokens(bait: Bait) -> Iterator[Token]:
    """Of the bait and of the canaries it carries."""
    yield from bait.tokens
    for _, part in bait.parts:
        yield from tokens(part)


def needles(bait: Bait, content: bytes, encoding: str = "utf-8") -> list[str]:
    """Values of the tokens that stand literally in ``content``; none where it is packed (a document, an archive)."""
    values = dict.fromkeys(token.value for token in tokens(bait))
    return [value for value in values if value.encode(encoding, "ignore") in content]


def judge(content: bytes, wanted: list[str], encoding: str) -> tuple[State, str]:
    """How much of the bait ``content`` still holds."""
    missing = [value for value in wanted if value.encode(encoding, "ignore") not in content]
    if not missing:
        return State.THERE, ""
    if len(missing) == len(wanted):
        return State.GONE, "the file is there, the bait is not in it"
    return State.CHANGED, f"{len(missing)} of {len(wanted)} tokens are not in it any more"
