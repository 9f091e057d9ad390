"""Whose prefixes they are stands in the name of the file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from listener.network_data.readers import DataError, DataReader, NetworkAnswer
from listener.network_data.readers.prefix_list import PrefixList

Ask = Callable[[DataReader, str], NetworkAnswer | None]


FILE = json.dumps(
    {
        "creationTime": "2026-10-01T00:00:00",
        "prefixes": [{"ipv4Prefix": "66.249.64.0/27"}, {"ipv6Prefix": "2001:4860:4801::/48"}],
    }
)


def said(found: NetworkAnswer | None) -> list[str]:
    return ["/".join(label.values()) for label in found.labels] if found else []


def test_what_it_says(opened: Callable[..., DataReader], ask: Ask) -> None:
    reader = opened("prefix-list", FILE, "googlebot.json")
    assert said(ask(reader, "66.249.64.1")) == ["crawler/googlebot"]
    assert said(ask(reader, "2001:4860:4801::1")) == ["crawler/googlebot"]
    assert reader.date() == "2026-10-01"


def test_a_name_that_says_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "prefixes.json"
    path.write_text(FILE, encoding="utf-8")
    with pytest.raises(DataError, match="whose prefixes"):
        PrefixList(path)
