"""Tables of spans: what a slow reading of the rows says, in any order and with any overlap, and nothing beside them."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.network_data.readers import DataError, NetworkAnswer, _spans
from listener.network_data.readers._spans import Edge, SpanReader, edges, number
from tests.every import every

Rows = list[tuple[int, int]]
BASES = {4: 0x01_00_00_00, 6: (0x2001_0DB8 << 96) - 20}
"""Where the small numbers of a test stand: across a border of two 64-bit halves."""
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted).map(tuple), max_size=8)


def made(rows: Iterable[tuple[Edge, Edge]]) -> SpanReader:
    class Made(SpanReader):
        name = "made"
        what = "a test"

        @classmethod
        def recognises(cls, path: Path, head: bytes) -> bool:
            return False

        def read(self, path: Path) -> Iterable[tuple[Edge, Edge, NetworkAnswer]]:
            for place, (first, last) in enumerate(rows):
                yield first, last, NetworkAnswer(asn=place)

    return Made(Path("unread"))


@given(rows=SPANS, wanted=st.integers(0, 60), version=st.sampled_from([4, 6]))
def test_the_narrowest_row_that_holds_an_address_answers(rows: Rows, wanted: int, version: int) -> None:
    base = BASES[version]
    reader = made((base + low, base + high) for low, high in rows)
    address = IPv6Address(base + wanted) if version == 6 else ip_address(base + wanted)
    found = reader.look_up(address)
    holding = [(low, -high, place) for place, (low, high) in enumerate(rows) if low <= wanted <= high]
    assert (found.asn if found else None) == (max(holding)[2] if holding else None)
    if found:
        assert address in ip_network(found.network)


def test_rows_may_be_text_or_numbers(tmp_path: Path) -> None:
    reader = made([("1.0.0.5", "1.0.0.9"), (0x01000100, 0x010001FF), ("2001:db8::", "2001:db8::ff")])
    for text, network in (
        ("1.0.0.9", "1.0.0.8/31"),
        ("1.0.1.77", "1.0.1.0/24"),
        ("2001:db8::7", "2001:db8::/120"),
    ):
        found = reader.look_up(ip_address(text))
        assert found is not None
        assert found.network == network
    for text in ("1.0.0.4", "1.0.0.10", "0.0.0.0", "255.255.255.255", "::", "ffff::"):
        assert reader.look_up(ip_address(text)) is None
    assert [answer.asn for answer in reader.entries()] == [0, 1, 2]


@every("row", [("1.0.0.9", "1.0.0.5"), ("1.0.0.1", "2001::"), ("1.0.0.256", "x"), (-1, 5), (5, 1 << 128)])
def test_what_is_no_range_is_one_sentence(row: tuple[Edge, Edge]) -> None:
    with pytest.raises(DataError, match=r"no range|is no address"):
        made([row])


def test_a_table_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_spans, "MOST_ROWS", 10)
    assert made((place, place) for place in range(10))
    with pytest.raises(DataError, match="more than 10 rows"):
        made((place, place) for place in range(1 << 62))


def test_a_row_takes_few_bytes() -> None:
    reader = made((place * 4, place * 4 + 1) for place in range(1))
    for table, most in zip(reader._tables.values(), (12, 36), strict=True):
        arrays = (table._lows, table._highs, table._low_halves, table._high_halves, table._places)
        wide = arrays if table is reader._tables[6] else (table._lows, table._highs, table._places)
        assert sum(one.itemsize for one in wide) == most


@given(text=st.text("0123456789abcdef:./", max_size=30))
def test_edges_are_those_of_the_library(text: str) -> None:
    try:
        found = edges(text)
    except ValueError:
        return
    network = ip_network(text if text.partition("/")[2] else text.rstrip("/"), strict=False)
    assert found == (int(network.network_address), int(network.broadcast_address))
    assert number(str(network.network_address)) == (network.version, found[0])
