"""What a service announces: one shape, bounded."""

from __future__ import annotations

import json

import pytest

from listener.sensors.announcement import parse_announcement
from listener.sensors.keys import RefusedReportError


def announced(**more: object) -> bytes:
    return json.dumps({"id": "01234567", "list": "subscribers", "text": "All clear", **more}).encode()


def test_what_it_says() -> None:
    found = parse_announcement(announced(minutes=5, by="jo"))
    assert (found.list, found.text, found.minutes, found.by) == ("subscribers", "All clear", 5, "jo")


@pytest.mark.parametrize(
    "more",
    [
        {"id": "x"},
        {"list": ""},
        {"text": ""},
        {"minutes": 0},
        {"minutes": 10**9},
        {"list": " "},
        {"text": " {name} {code}"},
    ],
)
def test_what_is_none_says_why(more: dict[str, object]) -> None:
    with pytest.raises(RefusedReportError, match="this announces no send"):
        parse_announcement(announced(**more))


def test_what_the_decoder_fails_at_is_refused_too() -> None:
    for body in (b'{"id":"\xff"}', announced(new=0).replace(b"0}", b"[" * 30_000)):
        with pytest.raises(RefusedReportError, match="this announces no send"):
            parse_announcement(body)


def test_a_list_has_one_spelling() -> None:
    assert parse_announcement(announced(list=" subscribers ")).list == "subscribers"
