"""What the sources share: the open files of one home, the table of ASNs, the names of countries."""

from __future__ import annotations

import csv
from functools import cache, lru_cache
from pathlib import Path

from listener.network_data.datasets import SHIPPED, DataSets, load, manifest

ASN_TABLE = "asn-class.csv"


@lru_cache(2)
def _opened(home: Path, stamp: tuple[tuple[str, int, int], ...]) -> DataSets:
    return load(home)


def opened(home: Path) -> DataSets:
    """The files of ``home``; opened once for all sources that start together."""
    folder = home / "data"
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    stamp = [(path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files if path.is_file()]
    return _opened(home, tuple(stamp))


def asn_classes(home: Path) -> tuple[dict[int, tuple[str, str]], str, str]:
    """ASN to (class, whose word), the day of the table and its SHA-256; the operator's own file goes before.

    Raises ValueError or KeyError where the file is no such table.
    """
    own = home / "data" / ASN_TABLE
    path = own if own.is_file() else SHIPPED / ASN_TABLE
    with path.open(encoding="utf-8", newline="") as file:
        table = {int(row["asn"]): (row["class"], row.get("list") or "") for row in csv.DictReader(file)}
    if path == own:
        from listener.network_data.datasets import file_hash

        return table, "", file_hash(own)
    entry = manifest()["files"][ASN_TABLE]
    return table, entry["date"], entry["sha256"]


@cache
def countries() -> dict[str, str]:
    """ISO 3166-1 code to English name."""
    with (SHIPPED / "countries.csv").open(encoding="utf-8", newline="") as file:
        return dict(list(csv.reader(file))[1:])


@cache
def cloud_regions() -> dict[tuple[str, str], str]:
    """(provider, region) to the ISO 3166-1 code of the country, by the clouds' own documentation."""
    with (SHIPPED / "cloud-regions.csv").open(encoding="utf-8", newline="") as file:
        return {(row["provider"], row["region"]): row["country"] for row in csv.DictReader(file)}
