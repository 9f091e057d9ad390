"""Reference fingerprints: what real programs were seen to send, as data (``data/fingerprints.csv``).

Each row says which program, in which version, sent a value, where and when that was recorded
(`tools.record_clients` makes them on one machine). A value that two programs share points to neither alone.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from listener.network_data.datasets import SHIPPED


@cache
def _table() -> Mapping[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    with (SHIPPED / "fingerprints.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["what"], row["value"]].add(row["family"])
    return {key: frozenset(families) for key, families in found.items()}


def families(what: str, value: str) -> frozenset[str]:
    """The client families (as the client source names them) that were seen to send ``value``.

    ``what`` is ``ja4``, ``hassh`` or ``header_order``; of a JA4 the second part, its cipher suites, is compared.
    """
    return _table().get(
        (what, value.split("_")[1] if what == "ja4" and value.count("_") == 2 else value), frozenset()
    )
