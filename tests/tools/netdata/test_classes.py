"""The class database keeps overlaps, and gives documentation space to nobody whatever a list says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import maxminddb

from tools.netdata import classes
from tools.netdata.ranges import Claim, parse
from tools.netdata.sources import Label


def test_overlap_and_reserved_space(tmp_path: Path) -> None:
    github, azure = Label("hosting", "github", "a"), Label("cloud", "microsoft", "b", region="westeurope")
    claims = [
        Claim(parse("20.1.0.0/16"), github),
        Claim(parse("20.0.0.0/8"), azure),
        Claim(parse("192.0.2.0/24"), github),
        Claim(parse("2001:db8::/32"), github),
        Claim(parse("2603::/16"), azure),
    ]
    path = tmp_path / "x.mmdb"
    path.write_bytes(classes.build(claims, 1_700_000_000))
    assert classes.build(list(reversed(claims)), 1_700_000_000) == path.read_bytes(), "never the last one"
    with maxminddb.open_database(path) as reader:
        found: Any = reader.get("20.1.2.3")
        labels = found["labels"]
        assert [label["provider"] for label in labels] == ["github", "microsoft"]
        assert labels[1] == {"class": "cloud", "provider": "microsoft", "list": "b", "region": "westeurope"}
        assert reader.get("192.0.2.1") is None
        assert reader.get("2001:db8::1") is None
        assert reader.get("2603::1") is not None
