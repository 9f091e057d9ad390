"""Origin of a network: asked about its first address, read strictly, every text bounded."""

from __future__ import annotations

from pathlib import Path

import pytest

from listener.outside import OutsideAnswer, OutsideError
from listener.outside.cymru import Cymru, CymruSettings
from tests.every import every
from tests.outside_servers import NameService

NAME = "0.100.51.198.origin.test"


def asked(names: NameService, subject: str = "198.51.100.0/24") -> OutsideAnswer:
    chosen = CymruSettings(server=names.server, zone="origin.test", zone6="origin6.test")
    return Cymru(chosen, Path()).ask(subject)


def test_an_origin(names: NameService) -> None:
    names.zone[NAME, "TXT"] = ['"64500 64501 | 198.51.100.0/24 | DE | ripencc | 2007-06-14"']
    found = asked(names)
    assert found.fact["origins"] == [
        {
            "asns": [64500, 64501],
            "prefix": "198.51.100.0/24",
            "registered_in": "DE",
            "registry": "ripencc",
            "allocated": "2007-06-14",
        }
    ]
    assert names.asked == [(NAME, "TXT")]
    six = "0." * 20 + "1.0.0.0.8.b.d.0.1.0.0.2.origin6.test"
    names.zone[six, "TXT"] = ['"64500 | 2001:db8::/32 | DE | ripencc | 2007-06-14"']
    assert asked(names, "2001:db8:1::/48").fact["origins"][0]["prefix"] == "2001:db8::/32"


def test_a_network_that_nobody_announces(names: NameService) -> None:
    assert asked(names).fact == {"origins": []}


@every(
    "text", ['""', '"x | 198.51.100.0/24 | DE | ripencc | 2007"', '"1 | nowhere | DE | r | 2007"', '"1 | 2"']
)
def test_anything_else_is_no_answer(names: NameService, text: str) -> None:
    names.zone[NAME, "TXT"] = [text]
    with pytest.raises(OutsideError, match="answered with"):
        asked(names)
