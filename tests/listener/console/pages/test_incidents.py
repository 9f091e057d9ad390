"""Incidents: the list and one of them, with its pictures and what else could explain it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

from canaries.core.model import Canary
from listener.incidents import queries

Visit = Callable[..., str]


def test_the_list_can_be_of_one_state(console: Any, canary: Canary, visit: Visit) -> None:
    incident = queries.one(console.home, visit(canary)).incident
    assert incident in console.get("/incidents?state=open").get_data(as_text=True)
    assert incident not in console.get("/incidents?state=closed").get_data(as_text=True)
    assert incident in console.get("/incidents?state=rubbish").get_data(as_text=True)
    assert console.get("/incidents?after=rubbish").status_code == 422


def test_one_shows_four_pictures_and_every_explanation(console: Any, scene: list[str]) -> None:
    page = console.get(scene[3]).get_data(as_text=True)
    pictures = re.split(r'<div class="picture"[^>]*>', page)[1:]
    assert len(pictures) == 4
    for one in pictures:
        ElementTree.fromstring(one[: one.index("</svg>") + len("</svg>")])
    assert page.count('name="hypothesis"') == 18
    assert "Unauthorised person with stolen material" in page
