"""Lists that no package of the index carries: kept in ``kept.csv`` beside this file, with the day and licence of each.

They change seldom, and are small. Who has a newer copy replaces the rows of that list and its day here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.netdata.ranges import Claim, parse
from tools.netdata.sources import Label

PATH = Path(__file__).with_name("kept.csv")


@dataclass(frozen=True, slots=True)
class KeptList:
    """Where the rows of one list come from."""

    date: str
    licence: str
    credit: str


LISTS = {
    "hand": KeptList("2026-11-27", "Apache-2.0", "well-known services, by hand"),
    "ipranges": KeptList("2026-08-22", "CC0", "lord-alfred/ipranges"),
    "misp-scanners": KeptList("2026-08-20", "CC0", "the MISP project's warning lists of scanners"),
    "x4bnet-vpn": KeptList("2026-08-22", "MIT", "X4BNet/lists_vpn"),
}


def claims(lines: Iterable[str]) -> Iterator[Claim[Label]]:
    """Claims of the rows. Raises ValueError where a row names no known list."""
    for row in csv.DictReader(lines):
        if row["list"] not in LISTS:
            raise ValueError(f"{row['list']} is not in LISTS")
        yield Claim(parse(row["network"]), Label(row["class"], row["provider"], row["list"]))
