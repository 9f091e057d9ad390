"""MaxMind DB files: a damaged one is one sentence wherever the damage is (the C reader died of some)."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import pytest

from listener.network_data.readers import DataError
from listener.network_data.readers._mmdb import country, is_mmdb, number, sample, text
from listener.network_data.readers.geolite2 import GeoLite2


def test_values() -> None:
    assert [number(value) for value in (15169, "15169", "AS15169", "ASx", None, True, "9" * 11)] == [
        15169, 15169, 15169, None, None, None, None,
    ]  # fmt: skip
    assert [country(value) for value in ("us", "USA", "U1", None, "é!")] == ["US", "", "", "", ""]
    assert text(b"x") == ""


def test_each_cut_and_flipped_file_is_one_sentence_or_an_answer(mmdb: Callable[..., Path]) -> None:
    path = mmdb({f"{first}.0.0.0/8": {"country": {"iso_code": "US"}} for first in range(1, 200, 7)})
    whole = path.read_bytes()
    outcomes = set()
    for place in range(0, len(whole), 11):
        for damaged in (whole[:place], whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]):
            other = path.with_name(f"cut{place}.mmdb")
            other.write_bytes(damaged)
            try:
                reader = GeoLite2(other)
                list(reader.entries())
                reader.look_up(ip_address("1.2.3.4"))
                outcomes.add("answered")
            except DataError as error:
                outcomes.add("refused" if other.name in error.sentence else error.sentence)
    assert outcomes == {"answered", "refused"}


def test_what_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "x.mmdb"
    path.write_bytes(b"<html>")
    assert not is_mmdb(path)
    assert sample(path) == []
    with pytest.raises(DataError, match="cannot be opened"):
        GeoLite2(path)
