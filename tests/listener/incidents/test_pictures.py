"""The pictures: well-formed, hostile text inert, every use drawn or counted, no meaning in colour alone."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.incidents.pictures import LANES, STEPS, heat, networks, sequence, timeline
from listener.incidents.uses import NetworkUse, UseInOrder

HOSTILE = "<script>\u202e&\"'"


def row(
    number: int, *, ip: str = "192.0.2.1", canary: str = "aa", credential: bool = True, mark: str = ""
) -> UseInOrder:
    at = f"2026-11-22T12:{number // 60 % 60:02d}:{number % 60:02d}.000000Z"
    return UseInOrder(number, at, ip, canary, credential, mark)


def parsed(picture: str) -> ElementTree.Element:
    """Raises ParseError where it is no XML."""
    return ElementTree.fromstring(picture)


def texts(picture: str) -> str:
    return " ".join("".join(one.itertext()) for one in parsed(picture).iter() if one.tag.endswith("text"))


def shapes(picture: str, tag: str) -> list[ElementTree.Element]:
    return [one for one in parsed(picture).iter() if one.tag.endswith(tag)]


def test_each_use_has_its_shape() -> None:
    picture = timeline([row(1), row(30, credential=False), row(60, mark="test")])
    assert [one.get("fill") for one in shapes(picture, "circle")] == ["#000", "#fff"]
    assert len(shapes(picture, "line")) == 1 + 5 + 2, "the axis, its ticks, the two strokes of a cross"


def test_what_falls_together_is_stacked_and_then_counted() -> None:
    assert len(shapes(timeline([row(1)] * 5), "circle")) == 5
    assert "+12" in texts(timeline([row(1)] * 20))


def test_each_number_stands_in_its_cell_and_can_be_read_on_its_grey() -> None:
    hours = [[0] * 24 for _ in range(7)]
    hours[0][0], hours[6][23] = 9, 1
    picture = heat(hours, "UTC")
    assert {"9", "1"} <= set(texts(picture).split())
    dark = [one for one in shapes(picture, "text") if one.text == "9"]
    assert [one.get("fill") for one in dark] == ["#fff"]
    assert len(shapes(picture, "rect")) == 7 * 24


def test_hostile_words_are_inert_and_visible() -> None:
    found = networks([(HOSTILE, NetworkUse(3, 1))])
    assert "\\u202e" in texts(found)
    assert "<script" not in found
    assert "3, 1 with a credential" in texts(found)
    drawn = sequence([row(1, ip=HOSTILE)], {"aa": HOSTILE})
    assert "<script" not in drawn
    assert "\u202e" not in drawn


def test_the_sequence_leaves_out_own_tests_and_is_bounded() -> None:
    many = [row(number, ip=f"192.0.2.{number}", canary=str(number)) for number in range(1, 100)]
    assert len(shapes(sequence(many, {}), "circle")) <= min(STEPS, LANES)
    assert sequence([row(1, mark="own")], {}) == ""
    assert "E-1" in texts(sequence([row(1)], {"aa": "the key"}))


@pytest.mark.parametrize("picture", [timeline([]), sequence([], {})])
def test_of_nothing_there_is_no_picture(picture: str) -> None:
    assert picture == ""


@given(st.lists(st.tuples(st.integers(0, 3_599), st.text(max_size=40), st.booleans()), max_size=30))
def test_whatever_comes_it_is_xml(uses: list[tuple[int, str, bool]]) -> None:
    rows = [row(number, ip=ip, canary=ip, credential=sort) for number, ip, sort in sorted(uses)]
    for picture in (timeline(rows), sequence(rows, {one.canary: one.ip for one in rows})):
        assert not picture or parsed(picture).tag.endswith("svg")
