"""A MISP list: its name says what the networks are, or it is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from listener.network_data.readers import DataError, DataReader, NetworkAnswer
from listener.network_data.readers.misp_warninglist import MispWarningList

Ask = Callable[[DataReader, str], NetworkAnswer | None]


FILE = json.dumps(
    {
        "name": "Censys scanning",
        "type": "cidr",
        "version": 20260810,
        "matching_attributes": ["ip-src"],
        "list": ["162.142.125.0/24"],
    }
)


def said(found: NetworkAnswer | None) -> list[str]:
    return ["/".join(label.values()) for label in found.labels] if found else []


def test_what_it_says(opened: Callable[..., DataReader], ask: Ask) -> None:
    reader = opened("misp", FILE, "list.json")
    assert said(ask(reader, "162.142.125.9")) == ["scanner/censys"]
    assert reader.date() == "2026-08-10"


def test_a_name_that_says_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text(FILE.replace("Censys scanning", "Odd things"), encoding="utf-8")
    with pytest.raises(DataError, match="does not say what"):
        MispWarningList(path)
