"""MISP lists: scanners by their name, research and commercial apart; unused lists give nothing."""

from __future__ import annotations

import json
from pathlib import Path

from tools.netdata.sources import Label
from tools.netdata.sources.misp import MispWarningLists, labels


def test_claims(tmp_path: Path) -> None:
    for title, data in {
        "googlebot": {"version": 20251223, "list": ["66.249.64.0/27"]},
        "censys-scanning": {"version": 3, "list": ["162.142.125.0/24"]},
        "internet-census-nt-scanning": {"version": 3, "list": ["109.105.209.10/32"]},
        "tranco": {"version": 1, "list": ["example.com"]},
        "microsoft-azure-us-gov": {"version": 1, "list": ["13.72.0.0/18"]},
    }.items():
        folder = tmp_path / "pymispwarninglists" / "data" / "misp-warninglists" / "lists" / title
        folder.mkdir(parents=True)
        (folder / "list.json").write_text(json.dumps(data))
    source = MispWarningLists()
    assert source.date(tmp_path) == "2025-12-23"
    assert {claim.value for claim in source.claims(tmp_path)} == {
        Label("crawler", "googlebot", "misp-warninglists"),
        Label("scanner", "censys", "misp-warninglists", "commercial"),
        Label("scanner", "internet-census", "misp-warninglists", "research"),
        Label("cloud", "microsoft", "misp-warninglists", "", "usgov"),
    }
    assert list(labels("tlds", {"list": ["com"]}, "x")) == []
