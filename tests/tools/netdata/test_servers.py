"""Hosters' machines: when two others' word stands before the base's, and that it never does for anything else."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import maxminddb
import pytest

from tests.tools.netdata.test_base import packed
from tools.netdata import servers
from tools.netdata.mmdb import Header, write

HEAD = "# Generated: Thu, 25 Jun 2026 04:33:59 GMT\n# License:   CC BY-SA 4.0\n#\n"


def test_ipfires_file_is_read_and_what_is_none_is_refused() -> None:
    rows = "16777216,16777471,AU\n16777472,16777727,AU\n16777728,16777730,??\n16777731,16777740,EU\n"
    assert servers.ipfire(HEAD + rows) == ([(16777216, 16777727, "AU")], "2026-06-25")
    for text in (rows, HEAD.replace("CC BY-SA 4.0", "all rights reserved") + rows, HEAD + "<html>"):
        with pytest.raises(ValueError, match=r"does not say|unpack"):
            servers.ipfire(text)


@pytest.mark.parametrize(
    ("base", "registered", "one", "other", "found"),
    [
        ("FR", "FR", "PL", "PL", "PL"),
        ("FR", "FR", "PL", "DE", None),  # no two agree
        ("FR", "FR", "FR", "FR", None),  # nothing to say
        ("GB", "FR", "PL", "PL", None),  # the holder itself says Britain: that is no registration
        ("FR", "FR", "PL", None, None),
        ("FR", None, "PL", "PL", None),
    ],
)
def test_two_that_agree_against_a_mere_registration(
    base: str, registered: str | None, one: str, other: str | None, found: str | None
) -> None:
    spans = [[(10, 19, word)] if word else [] for word in (base, registered, one, other)]
    assert servers.agreed([(12, 15, 64500)], *spans) == ([(12, 15, found)] if found else [])
    assert servers.agreed([], *spans) == [], "no hoster, no word"


def test_the_database(tmp_path: Path) -> None:
    """Of two networks alike but for their holder, the hoster's alone is in it."""
    start = 0x2D000000
    spans = {"a": (start, start + 255), "b": (start + 256, start + 511)}
    holders = {"a": (64500, "Example Hosting"), "b": (64501, "Example Telecom")}

    def base(records: dict[str, dict[str, object]]) -> bytes:
        return write(
            [(*spans[key], key) for key in spans], [], records.__getitem__, Header("T", "t", 1_789_516_800)
        )

    raws = {
        "origin-asn": base(
            {
                key: {"autonomous_system_number": asn, "autonomous_system_organization": name}
                for key, (asn, name) in holders.items()
            }
        ),
        "user-country": base({key: {"country_code": "FR"} for key in spans}),
        "iptoasn-country": base({key: {"country_code": "FR"} for key in spans}),
        "dbip-country-lite": base({key: {"country": {"iso_code": "PL"}} for key in spans}),
    }

    data = tmp_path / "detector" / "data"
    data.mkdir(parents=True)
    for name, raw in raws.items():
        (data / f"{name}.mmdb.bz").write_bytes(packed(raw))
    sums = {f"{name}.mmdb.bz": hashlib.sha256(raw).hexdigest() for name, raw in raws.items()}
    (data / "MANIFEST.json").write_text(json.dumps({"sha256": sums}))
    tor = tmp_path / "tor" / "usr/share/tor"
    tor.mkdir(parents=True)
    (tor / "geoip").write_text(f"{HEAD}{start},{start + 511},PL\n")
    raw, days = servers.build(
        tmp_path, tmp_path / "tor", ["asn,class", "64500,hosting"], tmp_path, 1_700_000_000
    )
    assert days == {"ipfire": "2026-06-25", "dbip": "2026-09-16"}
    (tmp_path / "made.mmdb").write_bytes(raw)
    with maxminddb.open_database(tmp_path / "made.mmdb") as reader:
        assert reader.get("45.0.0.9") == {"country": {"iso_code": "PL"}}
        assert reader.get("45.0.1.9") is None
