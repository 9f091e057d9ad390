"""Reference fingerprints: data with an origin, of families that the client source knows."""

from __future__ import annotations

import csv

from listener.facts._fingerprints import families
from listener.network_data.datasets import SHIPPED


def test_each_row_has_an_origin_and_a_known_family() -> None:
    with (SHIPPED / "clients.csv").open(encoding="utf-8") as file:
        known = {row["family"] for row in csv.DictReader(file)} | {"Chrome", "Firefox"}
    with (SHIPPED / "fingerprints.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["what"] for row in rows} == {"ja4", "hassh", "header_order"}
    for row in rows:
        assert row["family"] in known
        assert row["recorded"].startswith("20")
        assert row["origin"]


def test_a_value_of_two_programs_names_both() -> None:
    assert families("ja4", "t13d291300_723694b0fccc_899037bd0b8c") == {"Wget", "git"}
    assert families("ja4", "rubbish") == families("hassh", "") == frozenset()
