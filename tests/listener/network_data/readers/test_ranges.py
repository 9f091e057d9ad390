"""Tables: every network that holds an address answers, the narrowest first."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.network_data.readers import DataError
from listener.network_data.readers._ranges import Label, LabelReader, read_json, read_text

NETWORKS = st.lists(
    st.tuples(st.integers(0, 255), st.integers(1, 32)).map(
        lambda pair: str(ip_network((pair[0] << 24 | 0x01_02_03, pair[1]), strict=False))
    ),
    max_size=12,
)


def labels_of(networks: list[str]) -> LabelReader:
    class Made(LabelReader):
        name = "made"
        what = "a test"

        @classmethod
        def recognises(cls, path: Path, head: bytes) -> bool:
            return False

        def read(self, path: Path) -> Iterable[tuple[str, Label]]:
            return [(text, {"class": "cloud", "provider": text}) for text in networks]

    return Made(Path("unread"))


@given(networks=NETWORKS, number=st.integers(0, 2**32 - 1))
def test_all_that_hold_it_answer_the_narrowest_first(networks: list[str], number: int) -> None:
    address = ip_address(number)
    found = labels_of(networks).look_up(address)
    expected = sorted(
        {text for text in networks if address in ip_network(text)},
        key=lambda text: -ip_network(text).prefixlen,
    )
    assert [label["provider"] for label in found.labels] == expected if found else not expected
    if found:
        assert found.network == expected[0]


@given(networks=NETWORKS)
def test_the_walk_gives_every_network(networks: list[str]) -> None:
    assert {answer.network for answer in labels_of(networks).entries()} == set(networks)


def test_a_file_that_is_no_text_or_json_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for content in (b"\xff\xfe\x00", gzip.compress(b"[]")[:-9], gzip.compress(b"\xff")):
        path.write_bytes(content)
        for read in (read_text, read_json):
            with pytest.raises(DataError, match="x "):
                read(path)
    path.write_bytes(gzip.compress(b"[1]"))
    assert read_json(path) == [1]
