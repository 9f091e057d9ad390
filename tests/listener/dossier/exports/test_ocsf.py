"""What OCSF 1.3 requires of a detection finding. Its schema server is not here: the requirements are copied below."""

from __future__ import annotations

import json

from listener.dossier.exports import ExchangeCase
from listener.dossier.exports.ocsf import Ocsf

REQUIRED = {
    "": {
        "activity_id",
        "category_uid",
        "class_uid",
        "finding_info",
        "metadata",
        "severity_id",
        "time",
        "type_uid",
    },
    "finding_info": {"title", "uid"},
    "metadata": {"product", "version"},
}


def test_what_the_class_requires(exchanged: ExchangeCase) -> None:
    found = [json.loads(line) for line in b"".join(Ocsf().write(exchanged)).splitlines()]
    assert len(found) == 6
    for finding in found:
        for part, names in REQUIRED.items():
            assert names <= set(finding[part] if part else finding)
        assert finding["type_uid"] == finding["class_uid"] * 100 + finding["activity_id"]
        assert finding["severity_id"] in range(7)
        assert isinstance(finding["time"], int)
    assert found[1]["evidences"][0]["src_endpoint"]["ip"] == "203.0.113.7", (
        "the peer, not what the proxy named"
    )
    assert found[1]["unmapped"]["origin"] == "claimed"
