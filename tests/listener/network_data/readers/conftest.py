"""Small files of each schema, written by the test that reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from listener.network_data import datasets
from listener.network_data.readers import DataReader, NetworkAnswer
from tools.netdata.mmdb import Header, write


@pytest.fixture
def mmdb(tmp_path: Path) -> Callable[..., Path]:
    """A MaxMind DB of networks and records."""

    def make(records: Mapping[str, Mapping[str, Any]], name: str = "made.mmdb", kind: str = "Test") -> Path:
        ranges: dict[int, list[tuple[int, int, str]]] = {4: [], 6: []}
        for text in records:
            network = ip_network(text)
            span = int(network.network_address), int(network.broadcast_address)
            ranges[network.version].append((*span, text))
        raw = write(
            sorted(ranges[4]), sorted(ranges[6]), lambda key: records[key], Header(kind, "t", 1_790_000_000)
        )
        path = tmp_path / name
        path.write_bytes(raw)
        return path

    return make


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., DataReader]:
    """A reader of a file with this content, whose schema is found by its content and must be ``schema``."""

    def make(schema: str, content: str | Path, name: str = "list.txt") -> DataReader:
        path = content if isinstance(content, Path) else tmp_path / name
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        assert datasets.recognise(path) == schema
        return datasets.reader_of(schema)(path)

    return make


@pytest.fixture
def ask() -> Callable[[DataReader, str], NetworkAnswer | None]:
    """What a reader says of an address."""
    return lambda reader, text: reader.look_up(ip_address(text))
