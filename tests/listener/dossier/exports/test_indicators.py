"""Nothing in the list is a link, and each address says how it is known."""

from __future__ import annotations

from listener.dossier.exports import ExchangeCase
from listener.dossier.exports.indicators import Indicators, defanged


def test_one_line_an_address(exchanged: ExchangeCase) -> None:
    lines = b"".join(Indicators().write(exchanged)).decode().splitlines()
    rows = [line.split("\t") for line in lines[2:]]
    assert [(row[0], row[1], row[4]) for row in rows] == [
        ("192[.]0[.]2[.]53", "resolver", "1"),
        ("198[.]51[.]100[.]9", "claimed", "1"),
        ("2001[:]db8[:][:]1", "relay", "1"),
        ("2001[:]db8[:][:]7", "observed", "1"),
        ("203[.]0[.]113[.]7", "observed", "1"),
    ]


def test_defanged() -> None:
    assert defanged("192.0.2.1") == "192[.]0[.]2[.]1"
