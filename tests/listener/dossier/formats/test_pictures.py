"""The report's pictures: four, each of all that was counted."""

from __future__ import annotations

from xml.etree import ElementTree

from listener.dossier.case import Case
from listener.dossier.formats._pictures import pictures_of
from listener.dossier.formats._survey import survey


def test_each_is_drawn_of_the_survey(case: Case) -> None:
    found = survey(case)
    made = pictures_of(found, {row.canary: "a <b>wiki</b> page" for row in found.rows}, "")
    assert list(made) == ["timeline", "heat", "networks", "sequence"]
    for picture in made.values():
        assert ElementTree.fromstring(picture).get("role") == "img"
    assert "UTC" in made["heat"]
    assert "<b>" not in made["sequence"]
