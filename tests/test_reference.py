"""Pages that list plug-ins list all of them: sorts of logs, and sensors in databases."""

from __future__ import annotations

import re
from pathlib import Path

from canaries.core.plugins import classes
from listener import logs, readers
from listener.logs import LogSource
from listener.readers import DatabaseReader

PAGE = (Path(__file__).parent.parent / "docs" / "sensors.md").read_text("utf-8")


def cells(text: str) -> set[str]:
    """What stands as code in the first column of the tables of ``text``."""
    rows = re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def test_every_sort_of_log_is_in_the_table() -> None:
    table = PAGE.split("## Logs of other programs")[1].split("\n## ")[0]
    assert cells(table) - {"type"} == set(classes(logs.FOLDER, LogSource))  # type: ignore[type-abstract]


def test_every_sensor_in_a_database_is_on_the_page() -> None:
    for name in classes(readers.FOLDER, DatabaseReader):  # type: ignore[type-abstract]
        assert f"`{name}`" in PAGE
