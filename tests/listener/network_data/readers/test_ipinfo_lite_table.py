"""IPinfo Lite as CSV and as JSON lines, plain and gzipped: the same answers as its MMDB."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from listener.network_data import datasets
from listener.network_data.readers import DataError, DataReader, NetworkAnswer
from listener.network_data.readers.ipinfo_lite_table import IpInfoLiteTable
from tests.every import every

Ask = Callable[[DataReader, str], NetworkAnswer | None]
COLUMNS = "network,country,country_code,continent,continent_code,asn,as_name,as_domain"
ROWS = [
    ("1.0.0.0/24", "Australia", "AU", "Oceania", "OC", "AS13335", "Cloudflare, Inc.", "cloudflare.com"),
    ("8.8.8.8", "United States", "US", "North America", "NA", "AS15169", "Google LLC", "google.com"),
    ("2001:db8::/32", "Germany", "DE", "Europe", "EU", "", "", ""),
]
"""An address alone stands for itself."""
CSV = "\n".join([COLUMNS, *(",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in ROWS)])
JSON = "\n".join(json.dumps(dict(zip(COLUMNS.split(","), row, strict=True))) for row in ROWS)


@every("text", [CSV, JSON, CSV + "\n", JSON + "\n\n"])
def test_what_it_says(opened: Callable[..., DataReader], ask: Ask, tmp_path: Path, text: str) -> None:
    packed = tmp_path / "ipinfo_lite.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    for reader in (opened("ipinfo-lite-table", text, "ipinfo_lite"), opened("ipinfo-lite-table", packed)):
        assert ask(reader, "1.0.0.9") == NetworkAnswer("1.0.0.0/24", 13335, "Cloudflare, Inc.", "AU")
        assert ask(reader, "8.8.8.8") == NetworkAnswer("8.8.8.8/32", 15169, "Google LLC", "US")
        assert ask(reader, "8.8.8.9") is None
        assert ask(reader, "2001:db8::1") == NetworkAnswer("2001:db8::/32", country="DE")


@every(
    "text",
    [
        "network,country_code\n1.0.0.0/24,AU\n",
        COLUMNS + "\n1.0.0.0/24,AU\n",
        COLUMNS + "\nnowhere,x,AU,x,x,AS1,x,x\n",
        JSON + "\n[1]",
        JSON + '\n{"network": 5, "country_code": "AU"}',
        '{"network": "1.0.0.0/24", "country_code": "AU"}' + "\n" + "[" * 9000,
        "",
    ],
)
def test_anything_else_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=r"x\.csv"):
        IpInfoLiteTable(path)


def test_a_table_that_says_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(COLUMNS + "\n1.0.0.0/24,,,,,,,\n")
    known = datasets.DataSet("x.csv", "ipinfo-lite-table", path, datasets.file_hash(path), "2026-11-27")
    with pytest.raises(DataError, match="answers nothing"):
        datasets.open_set(known, check=True)
