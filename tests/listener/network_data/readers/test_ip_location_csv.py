"""ip-location-db and DB-IP Lite as CSV: country or ASN by the number of fields; edges as text, numbers or a network."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from listener.network_data import datasets, library
from listener.network_data.readers import DataError, DataReader, NetworkAnswer
from listener.network_data.readers.ip_location_csv import IpLocationCsv
from tests.every import every

Ask = Callable[[DataReader, str], NetworkAnswer | None]
FILES = {
    "ip-location-db": '1.0.0.0,1.0.0.255,13335,"Cloudflare, Inc."\n',
    "numbers": '16777216,16777471,13335,"Cloudflare, Inc."\n',
    "networks": '1.0.0.0/24,13335,"Cloudflare, Inc."\n',
    "DB-IP, quoted": '"1.0.0.0","1.0.0.255","13335","Cloudflare, Inc."\r\n',
}


@every("name", sorted(FILES))
def test_asns(opened: Callable[..., DataReader], ask: Ask, name: str) -> None:
    reader = opened("ip-location-csv", FILES[name], "asn.csv")
    assert ask(reader, "1.0.0.9") == NetworkAnswer("1.0.0.0/24", 13335, "Cloudflare, Inc.")
    assert ask(reader, "1.0.1.1") is None


def test_countries_and_whose_nobody_is(opened: Callable[..., DataReader], ask: Ask) -> None:
    text = "0.0.0.0,0.255.255.255,ZZ\n1.0.0.0,1.0.0.255,AU\n2c0f:fb50::,2c0f:fb50:ffff:ffff:ffff:ffff:ffff:ffff,KE\n"
    reader = opened("ip-location-csv", text, "dbip-country-lite-2026-11.csv")
    assert ask(reader, "0.1.2.3") is None
    assert ask(reader, "1.0.0.9") == NetworkAnswer("1.0.0.0/24", country="AU")
    assert ask(reader, "2c0f:fb50::1") == NetworkAnswer("2c0f:fb50::/32", country="KE")


def test_gzipped_and_added(home_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "dbip-country-lite-2026-11.csv.gz"
    path.write_bytes(gzip.compress(b"1.0.0.0,1.0.0.255,AU\n"))
    known = library.add(home_data, path, at="2026-11-27T00:00:00.000000Z")
    assert known.schema == "ip-location-csv"
    assert datasets.load(home_data).of("country")[0].known == known
    path.write_bytes(gzip.compress(b"0.0.0.0,0.255.255.255,ZZ\n"))
    with pytest.raises(DataError, match="answers nothing"):
        library.add(home_data, path, at="2026-11-27T00:00:00.000000Z")


@pytest.fixture
def home_data(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@every(
    "text",
    [
        "1.0.0.0,1.0.0.255,OC,AU,Queensland,South Brisbane,-27.4767,153.017\n",
        "1.0.0.0,1.0.0.255\n",
        "1.0.0.0,1.0.0.999,AU\n",
        '1.0.0.0,1.0.0.255,13335,"never closed\n' + "x\n" * 9,
        "1.0.0.0/33,AU\n",
        "-5,9,AU\n",
    ],
)
def test_anything_else_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=r"x\.csv"):
        IpLocationCsv(path)
