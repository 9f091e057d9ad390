"""The writer, read back by MaxMind's own library: every answer, every prefix, the same bytes twice."""

from __future__ import annotations

from ipaddress import ip_address, summarize_address_range
from itertools import pairwise
from pathlib import Path
from typing import Any

import maxminddb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.netdata.mmdb import Header, write

HEADER = Header("Test-Type", "of a test", 1_790_000_000)
STARTS = st.lists(st.integers(1, 2**32 - 2), min_size=2, max_size=20, unique=True)


def record(key: int) -> dict[str, Any]:
    inner = {"iso_code": "DE" if key % 2 else "FR"}
    return {
        "number": key,
        "text": "x" * (key % 700),
        "inner": inner,
        "list": [inner, {"a": "b"}],
        "flag": key % 2 == 0,
    }


@given(STARTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_each_address_gets_its_record(tmp_path: Path, starts: list[int]) -> None:
    edges = sorted(starts)
    ranges = [(first, following - 1, first % 5) for first, following in pairwise(edges)]
    v6 = [(1 << 125, (1 << 125) + 99, 7)]
    path = tmp_path / "x.mmdb"
    path.write_bytes(write(ranges, v6, record, HEADER))
    assert path.read_bytes() == write(ranges, v6, record, HEADER)
    with maxminddb.open_database(path) as reader:
        assert reader.metadata().database_type == "Test-Type"
        assert reader.metadata().build_epoch == 1_790_000_000
        for first, last, value in ranges:
            for number in (first, last):
                assert reader.get(str(ip_address(number))) == record(value)
        assert reader.get(str(ip_address(edges[0] - 1))) is None
        assert reader.get(str(ip_address((1 << 125) + 99))) == record(7)


def test_neighbours_of_one_value_are_one_network(tmp_path: Path) -> None:
    path = tmp_path / "x.mmdb"
    path.write_bytes(write([(256, 383, 1), (384, 511, 1), (512, 600, 2)], [], record, HEADER))
    with maxminddb.open_database(path) as reader:
        assert reader.get_with_prefix_len("0.0.1.5")[1] == 24
        parts = list(summarize_address_range(ip_address("0.0.2.0"), ip_address("0.0.2.88")))
        assert len(list(reader)) == 1 + len(parts)


def test_what_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="two different answers"):
        write([], [], record, HEADER)
    with pytest.raises(TypeError, match="cannot hold float"):
        write([(1, 1, 1), (2, 2, 2)], [], lambda key: {"a": 0.5}, HEADER)
