"""iporigin: ranges as networks; a provider whose list has no licence is left out."""

from __future__ import annotations

import struct
from ipaddress import ip_address

import pytest

from tools.netdata.sources import Label
from tools.netdata.sources.iporigin import labels

NAMES = [("Tor", "tor"), ("Contabo", "hosting")]


def blob() -> bytes:
    said = [f"{provider}\t{kind}".encode() for provider, kind in NAMES]
    raw = struct.pack("<8sHQHII", b"IPORIGIN", 1, 1_791_200_061, len(NAMES), 2, 1)
    raw += b"".join(struct.pack("<H", len(name)) + name for name in said)
    raw += struct.pack("<IIH", 0x01000000, 0x01000002, 0) + struct.pack("<IIH", 0x02000000, 0x02000001, 1)
    return raw + struct.pack("<16s16sH", ip_address("2001::").packed, ip_address("2001::1").packed, 0)


def test_claims() -> None:
    found = [(str(claim.network), claim.value) for claim in labels(blob(), "iporigin")]
    tor = Label("tor_exit", "tor", "iporigin")
    assert found == [("1.0.0.0/31", tor), ("1.0.0.2/32", tor), ("2001::/127", tor)]
    for broken in (b"", b"NOTHING!" + blob()[8:]):
        with pytest.raises(ValueError, match=r"cut off|not version 1"):
            list(labels(broken, "iporigin"))
