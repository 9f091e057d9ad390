"""What sources share: one opening for all, the table of ASNs with its hash, the names of countries."""

from __future__ import annotations

from pathlib import Path

from listener.facts._data import ASN_TABLE, asn_classes, countries, opened
from listener.network_data.datasets import file_hash, manifest


def test_files_are_opened_once_until_one_changes(tmp_path: Path) -> None:
    opened(tmp_path)
    first = opened(tmp_path)
    assert opened(tmp_path) is first
    (tmp_path / "data" / "ip-asn-country.mmdb").write_bytes(b"rubbish")
    assert opened(tmp_path).refused


def test_an_operators_table_goes_first(tmp_path: Path) -> None:
    table, day, sha256 = asn_classes(tmp_path)
    assert table[14593] == ("satellite", "hand")
    assert (day, sha256) == (manifest()["files"][ASN_TABLE]["date"], manifest()["files"][ASN_TABLE]["sha256"])
    own = tmp_path / "data" / ASN_TABLE
    own.parent.mkdir()
    own.write_text("asn,class\n64500,vpn\n")
    assert asn_classes(tmp_path) == ({64500: ("vpn", "")}, "", file_hash(own))


def test_every_country_of_the_database_has_a_name() -> None:
    names = countries()
    assert len(names) == 250
    assert (names["DE"], names["GB"], names["XK"]) == ("Germany", "United Kingdom", "Kosovo")
    assert all(len(code) == 2 and code.isupper() and name for code, name in names.items())
